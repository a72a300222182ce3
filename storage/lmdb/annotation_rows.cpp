#include "storage/lmdb/annotation_rows.hpp"

#include "base/octets.hpp"
#include "storage/lmdb/segment_files.hpp"

#include <map>
#include <string>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

constexpr std::size_t prefix_octets = 4;  // the account in a key
constexpr std::size_t box_octets = 8;     // account and mailbox

std::string_view box_and_entry(std::string_view key) {
    return key.substr(0, key.size() - annotation_key_tail);
}

std::uint64_t checksum_in(std::string_view first_row) {
    if (first_row.size() < annotation_head) throw fault("damaged row in table annotation");
    return load_le<std::uint64_t>(first_row.data());
}

void put(write_context& context, mailbox_key box, const annotation& row) {
    put_annotation(context.tx, box_and_entry(annotation_key(box, row.entry, 0)), row.value);
}

void remove(write_context& context, mailbox_key box, std::string_view entry) {
    for (std::uint16_t n = 0; context.tx.remove(table::annotation, annotation_key(box, entry, n));)
        ++n;
}

/// Names and values, a name for each row: a little more than it is.
std::size_t octets_of_account(const txn& within, account_id account) {
    std::size_t octets = 0;
    cursor at(within, table::annotation);
    const auto prefix = account_key(account);
    for (bool more = at.seek(prefix); more && at.key().starts_with(prefix); more = at.next())
        octets += at.key().size() + at.value().size();
    return octets;
}

bool is_possible(const annotation_change& change) {
    return !change.entry.empty() && change.entry.size() <= max_annotation_entry_octets &&
           change.entry.find('\0') == std::string::npos &&
           (!change.value || change.value->size() <= max_annotation_octets);
}

using by_entry = std::map<std::string, std::string>;

std::size_t octets_of(const by_entry& all) {
    std::size_t octets = 0;
    for (const auto& [entry, value] : all)
        octets += entry.size() + value.size();
    return octets;
}

/// Calls visit(mailbox key and entry, value) for each annotation whose key begins so.
void gather(const txn& within,
            std::string_view prefix,
            function_ref<void(std::string_view, std::string_view)> visit) {
    std::string name, value;
    cursor at(within, table::annotation);
    for (bool more = at.seek(prefix); more && at.key().starts_with(prefix); more = at.next()) {
        const auto here = box_and_entry(at.key());
        if (here != name) {
            if (!name.empty()) visit(name, value);
            name = here;
            (void)checksum_in(at.value());
            value.assign(at.value().substr(annotation_head));
            continue;
        }
        value.append(at.value());
    }
    if (!name.empty()) visit(name, value);
}

}  // namespace

void for_annotations(const txn& within,
                     mailbox_key box,
                     std::string_view begin,
                     function_ref<void(std::string_view, std::string_view)> visit) {
    std::string prefix(mailbox_row_key(box));
    prefix.append(begin);
    gather(within, prefix, [&](std::string_view name, std::string_view value) {
        visit(name.substr(box_octets), value);
    });
}

void for_annotations(const txn& within,
                     account_id account,
                     function_ref<void(mailbox_id, std::string_view, std::string_view)> visit) {
    const auto prefix = account_key(account);
    gather(within, prefix, [&](std::string_view name, std::string_view value) {
        visit(mailbox_id(load_be<std::uint32_t>(name.data() + prefix_octets)),
              name.substr(box_octets), value);
    });
}

void for_annotation_prints(const txn& within,
                           account_id account,
                           function_ref<void(annotation_print)> visit) {
    std::string name;
    cursor at(within, table::annotation);
    const auto prefix = account_key(account);
    for (bool more = at.seek(prefix); more && at.key().starts_with(prefix); more = at.next()) {
        const auto here = box_and_entry(at.key());
        if (here == name) continue;  // the rest of its value
        name = here;
        visit({mailbox_id(load_be<std::uint32_t>(name.data() + prefix_octets)),
               name.substr(box_octets), checksum_in(at.value())});
    }
}

void put_annotation(write_txn& tx, std::string_view box_and_entry, std::string_view value) {
    std::string octets;
    append_le(octets, segment_files::checksum(value));
    octets += value;
    std::string key(box_and_entry);
    key.push_back('\0');
    std::uint16_t n = 0;
    for (std::string_view rest = octets; !rest.empty(); ++n) {
        tx.put(table::annotation, key + std::string(key_buffer<2>().add(n)),
               rest.substr(0, max_value_octets));
        rest.remove_prefix(std::min(rest.size(), max_value_octets));
    }
}

error_code change_annotations(write_context& context,
                              mailbox_key box,
                              const std::vector<annotation_change>& changes) {
    by_entry now;
    for_annotations(context.tx, box, "", [&](std::string_view entry, std::string_view value) {
        now.emplace(entry, value);
    });
    auto wanted = now;
    for (const auto& change : changes) {
        if (!is_possible(change)) return make_error_code(errc::invalid_name);
        if (change.value)
            wanted[change.entry] = *change.value;
        else
            wanted.erase(change.entry);
    }
    // Refused before anything is written. What makes it less is never refused.
    if (wanted.size() > max_annotations && wanted.size() > now.size())
        return make_error_code(errc::too_many_annotations);
    const auto before = octets_of(now), after = octets_of(wanted);
    if (after > before) {
        if (context.is_room_low) return make_error_code(errc::disk_full);
        const auto others = octets_of_account(context.tx, box.account) - before;
        if (others + after > max_annotation_octets_of_account)
            return make_error_code(errc::too_many_annotations);
    }
    for (const auto& change : changes) {
        remove(context, box, change.entry);
        if (const auto left = wanted.find(change.entry); left != wanted.end())
            put(context, box, {left->first, left->second});
    }
    return {};
}

void drop_annotations(write_context& context, mailbox_key box) {
    std::vector<std::string> keys;
    {
        cursor at(context.tx, table::annotation);
        const auto key = mailbox_row_key(box);
        const std::string_view prefix = key;
        for (bool more = at.seek(prefix); more && at.key().starts_with(prefix); more = at.next())
            keys.emplace_back(at.key());
    }
    for (const auto& key : keys)
        context.tx.remove(table::annotation, key);
}

void copy_annotations(write_context& context, mailbox_key from, mailbox_key to) {
    std::vector<annotation> all;
    for_annotations(context.tx, from, "", [&](std::string_view entry, std::string_view value) {
        all.push_back({std::string(entry), std::string(value)});
    });
    for (const auto& one : all)
        put(context, to, one);
}

}  // namespace hauspost::storage::lmdb
