#include "storage/lmdb/forward_rows.hpp"

#include "base/octets.hpp"
#include "base/utf8.hpp"
#include "storage/lmdb/directory_rows.hpp"
#include "storage/queue_item.hpp"

#include <xxhash.h>

#include <algorithm>
#include <variant>

namespace hauspost::storage::lmdb {
namespace {

std::string prefix_of(std::string_view by) {
    std::string key(by);
    key.push_back('\0');
    return key;
}

std::string key_of(const forward_way& way) {
    auto key = prefix_of(way.by);
    append_be(key, std::uint64_t{XXH3_64bits(way.target.data(), way.target.size())});
    return key;
}

bool may_be_forwarder(std::string_view name) {
    return !name.empty() && name.size() <= schema::max_address_octets;
}

}  // namespace

forward_state decode_forward_state(std::string_view key, std::string_view octets) {
    octet_reader in(octets);
    forward_state row;
    row.way.by = key.substr(0, key.find('\0'));
    row.way.target = in.text();
    row.refusals = in.number<std::uint32_t>();
    row.since = in.number<std::int64_t>();
    row.last = in.number<std::int64_t>();
    row.suspended_at = in.number<std::int64_t>();
    row.reply = in.text();
    if (!in.ok() || key != key_of(row.way)) throw fault("damaged row in table forward_state");
    return row;
}

std::optional<forward_state> find_forward_state(const txn& within, const forward_way& way) {
    if (!may_be_forwarder(way.by)) return std::nullopt;
    const auto key = key_of(way);
    const auto found = within.get(table::forward_state, key);
    if (!found) return std::nullopt;
    auto row = decode_forward_state(key, *found);
    if (row.way != way) return std::nullopt;
    return row;
}

std::vector<forward_state> list_forward_states(const txn& within, std::string_view by) {
    std::vector<forward_state> found;
    if (by.size() > schema::max_address_octets) return found;
    const auto prefix = by.empty() ? std::string() : prefix_of(by);
    cursor at(within, table::forward_state);
    for (bool more = prefix.empty() ? at.first() : at.seek(prefix);
         more && at.key().starts_with(prefix); more = at.next())
        found.push_back(decode_forward_state(at.key(), at.value()));
    return found;
}

void put_forward_state(write_context& context, const forward_state& row) {
    std::string out;
    append_text(out, row.way.target);
    append_le(out, row.refusals);
    append_le(out, row.since);
    append_le(out, row.last);
    append_le(out, row.suspended_at);
    append_text(out, utf8::truncated(row.reply, queue_recipient::max_reply_octets));
    context.tx.put(table::forward_state, key_of(row.way), out);
    context.directory_changed = true;
}

void remove_forward_state(write_context& context, const forward_way& way) {
    context.tx.remove(table::forward_state, key_of(way));
    context.directory_changed = true;
}

void keep_forward_states(write_context& context,
                         std::string_view by,
                         const std::vector<mail_address>& targets) {
    for (const auto& row : list_forward_states(context.tx, by))
        if (std::ranges::find(targets, row.way.target) == targets.end())
            remove_forward_state(context, row.way);
}

std::vector<mail_address> suspended_targets(const txn& within, std::string_view by) {
    std::vector<mail_address> found;
    for (auto& row : list_forward_states(within, by))
        if (row.is_suspended()) found.push_back(std::move(row.way.target));
    return found;
}

bool leads_to(const txn& within, const forward_way& way) {
    if (!may_be_forwarder(way.by)) return false;
    if (way.by.front() == '@') {
        const auto row = find_domain_row(within, std::string_view(way.by).substr(1));
        return row && row->catch_all == way.target;
    }
    const auto entry = read_address(within, way.by);
    const auto has = [&way](const std::vector<mail_address>& targets) {
        return std::ranges::find(targets, way.target) != targets.end();
    };
    if (const auto* row = std::get_if<account>(&entry)) return has(row->forwards);
    if (const auto* row = std::get_if<alias>(&entry)) return has(row->targets);
    return false;
}

}  // namespace hauspost::storage::lmdb
