#include "storage/lmdb/migrate_queue.hpp"

#include "base/octets.hpp"
#include "storage/fault.hpp"
#include "storage/lmdb/queue_rows.hpp"

#include <utility>
#include <vector>

namespace hauspost::storage::lmdb {
namespace {

constexpr std::uint8_t smtputf8_bit = 1, eight_bit = 2, held_bit = 4;

}  // namespace

std::string encode(const queue_row_8& row) {
    const auto& item = row.item;
    std::string out;
    append_text(out, item.reverse_path);
    append_le(out, static_cast<std::uint32_t>(item.recipients.size()));
    for (const auto& recipient : item.recipients) {
        append_text(out, recipient.to);
        append_text(out, recipient.original);
        append_text(out, recipient.notify);
        append_le(out, static_cast<std::uint8_t>(recipient.attempts));
    }
    append_text(out, item.envelope_id);
    append_text(out, item.ret);
    out.push_back(static_cast<char>((item.smtputf8 ? smtputf8_bit : 0) |
                                    (item.is_8bit ? eight_bit : 0) | (row.held ? held_bit : 0)));
    append_le(out, item.blob.value());
    append_text(out, item.prefix);
    append_le(out, item.octets);
    append_le(out, item.created_at);
    append_le(out, row.due_at);
    return out;
}

queue_row_8 decode_queue_8(std::string_view octets) {
    octet_reader in(octets);
    queue_row_8 row;
    auto& item = row.item;
    item.reverse_path = in.text();
    for (auto left = in.number<std::uint32_t>(); left > 0 && in.ok(); --left) {
        queue_recipient recipient;
        recipient.to = in.text();
        recipient.original = in.text();
        recipient.notify = in.text();
        recipient.attempts = in.number<std::uint8_t>();
        item.recipients.push_back(std::move(recipient));
    }
    item.envelope_id = in.text();
    item.ret = in.text();
    const auto bits = in.number<std::uint8_t>();
    item.smtputf8 = (bits & smtputf8_bit) != 0;
    item.is_8bit = (bits & eight_bit) != 0;
    row.held = (bits & held_bit) != 0;
    item.blob = blob_id(in.number<std::uint64_t>());
    item.prefix = in.text();
    item.octets = in.number<std::uint64_t>();
    item.created_at = in.number<std::int64_t>();
    row.due_at = in.number<std::int64_t>();
    if (!in.ok()) throw fault("damaged row in table queue");
    return row;
}

void split_queue(write_txn& tx) {
    std::vector<std::pair<std::string, std::string>> before;
    {
        cursor at(tx, table::queue);
        for (bool more = at.first(); more; more = at.next())
            before.emplace_back(at.key(), at.value());
    }
    std::vector<std::string> times;
    {
        cursor at(tx, table::due);
        for (bool more = at.first(); more; more = at.next())
            times.emplace_back(at.key());
    }
    for (const auto& time : times)
        tx.remove(table::due, time);
    queue_edit edit(tx);
    for (const auto& [key, value] : before) {
        auto row = decode_queue_8(value);
        row.item.id = queue_id(load_be<std::uint64_t>(key.data()));
        for (auto& recipient : row.item.recipients) {
            recipient.due_at = row.due_at;
            recipient.held = row.held;
        }
        edit.add(std::move(row.item));
    }
    edit.save();
}

}  // namespace hauspost::storage::lmdb
