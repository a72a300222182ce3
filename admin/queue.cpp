#include "admin/queue.hpp"

#include "admin/page.hpp"

#include <utility>

namespace hauspost::admin {
namespace {

constexpr std::size_t max_queue_listed = 10'000;

}  // namespace

awaitable<queue_view> list_queue(ports& at, std::string filter) {
    const text_filter wanted(filter);
    page_maker<storage::queue_item> page;
    auto items = co_await at.queue.list(max_queue_listed + 1);
    queue_view view;
    view.has_more = items.size() > max_queue_listed;
    if (view.has_more) items.pop_back();
    for (auto& item : items) {
        if (page.is_full()) {
            view.has_more = true;
            break;
        }
        ++view.looked_at;
        std::string texts = item.reverse_path;
        for (const auto& one : item.recipients)
            texts += "\n" + one.to;
        if (wanted.wants_any_line(texts)) page.add(std::move(item), texts.size());
    }
    view.items = page.take({}).entries;
    co_return view;
}

awaitable<outcome<storage::queue_item>> show_queued(ports& at, std::uint64_t id) {
    auto item = co_await at.queue.find(queue_id(id));
    if (!item) co_return refuse_number(refusal_code::no_such_message, id);
    co_return std::move(*item);
}

awaitable<outcome<std::uint64_t>> remove_queued(ports& at, std::uint64_t id) {
    if (!co_await at.queue.find(queue_id(id)))
        co_return refuse_number(refusal_code::no_such_message, id);
    if (const auto ec = co_await at.queue.remove(queue_id(id)))
        co_return refusal_of(ec, std::to_string(id));
    co_return id;
}

}  // namespace hauspost::admin
