#include "storage/lmdb/queue.hpp"

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

std::optional<queue_item> find_item(const txn& within, queue_id id) {
    const auto found = within.get(table::queue, queue_key(id));
    if (!found) return std::nullopt;
    return decode_queue(id, *found);
}

}  // namespace

awaitable<std::vector<queue_item>> queue::list(std::size_t limit) {
    std::vector<queue_item> items;
    read_txn tx(core_.env);
    cursor at(tx, table::due);
    for (bool more = at.first(); more && items.size() < limit; more = at.next()) {
        auto item = find_item(tx, queue_id(load_be<std::uint64_t>(at.key().data() + 8)));
        if (!item) throw fault("a due time refers to a queue item that is missing");
        items.push_back(std::move(*item));
    }
    co_return items;
}

awaitable<std::optional<queue_item>> queue::find(queue_id id) {
    read_txn tx(core_.env);
    co_return find_item(tx, id);
}

awaitable<error_code> queue::update(queue_item item) {
    auto work = [&](write_context& context) -> error_code {
        auto row = find_item(context.tx, item.id);
        if (!row) return make_error_code(errc::no_such_message);
        context.tx.remove(table::due, due_key(row->due_at, item.id));
        row->recipients = item.recipients;
        row->due_at = item.due_at;
        row->held = item.held;
        context.tx.put(table::queue, queue_key(item.id), encode(*row));
        context.tx.put(table::due, due_key(row->due_at, item.id), "");
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> queue::remove(queue_id id) {
    auto work = [&](write_context& context) -> error_code {
        const auto row = find_item(context.tx, id);
        if (!row) return make_error_code(errc::no_such_message);
        context.tx.remove(table::due, due_key(row->due_at, id));
        context.tx.remove(table::queue, queue_key(id));
        context.drop_reference(row->blob);
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

}  // namespace hauspost::storage::lmdb
