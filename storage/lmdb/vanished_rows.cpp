#include "storage/lmdb/vanished_rows.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

std::uint64_t modseq_of(std::string_view key) {
    return load_be<std::uint64_t>(key.data() + 8);
}

std::int64_t vanished_at(std::string_view row) {
    if (row.size() < vanished_row_head) throw fault("damaged row in table vanished");
    return load_le<std::int64_t>(row.data());
}

std::uint32_t count_of(std::string_view row) {
    return static_cast<std::uint32_t>((row.size() - vanished_row_head) / 8);
}

bool is_old(const mailbox_counters& now, std::string_view row, const vanished_limits& most) {
    return now.vanished_ranges > most.most_ranges || vanished_at(row) < most.written_before;
}

}  // namespace

void write_vanished(write_context& context,
                    account_edit& edit,
                    mailbox_key box,
                    const mail::uid_ranges& ranges) {
    edit.mailbox(box.mailbox)->vanished_ranges += static_cast<std::uint32_t>(ranges.size());
    std::uint16_t n = 0;
    for (std::size_t i = 0; i < ranges.size(); i += ranges_per_vanished_row, ++n) {
        std::string value;
        append_le(value, context.now);
        for (auto j = i; j < std::min(ranges.size(), i + ranges_per_vanished_row); ++j) {
            append_le(value, ranges[j].first.value());
            append_le(value, ranges[j].last.value());
        }
        context.tx.put(table::vanished, vanished_key(box, edit.modseq(), n), value);
    }
}

vanished_uids find_vanished(const txn& within, mailbox_key box, std::uint64_t since) {
    vanished_uids found;
    const auto counters = find_counters(within, box);
    found.is_complete = counters && since >= counters->vanished_floor.value();
    if (!found.is_complete) return found;
    mail::uid_ranges all;
    cursor at(within, table::vanished);
    const auto first = vanished_key(box, since + 1, 0);
    const auto prefix = std::string_view(first).substr(0, 8);
    for (bool more = at.seek(first); more && at.key().starts_with(prefix); more = at.next()) {
        octet_reader in(at.value());
        (void)in.number<std::int64_t>();
        while (!in.rest().empty() && in.ok()) {
            const uid low(in.number<std::uint32_t>());
            all.push_back({low, uid(in.number<std::uint32_t>())});
        }
    }
    std::sort(all.begin(), all.end());
    for (const auto& range : all) {
        auto& merged = found.ranges;
        if (!merged.empty() && merged.back().last.value() + 1 >= range.first.value())
            merged.back().last = std::max(merged.back().last, range.last);
        else
            merged.push_back(range);
    }
    return found;
}

bool has_old_vanished(const txn& within, mailbox_key box, const vanished_limits& most) {
    const auto counters = find_counters(within, box);
    if (!counters || counters->vanished_ranges == 0) return false;
    cursor at(within, table::vanished);
    const auto first = vanished_key(box, 0, 0);
    const bool found = at.seek(first) && at.key().starts_with(std::string_view(first).substr(0, 8));
    return found && is_old(*counters, at.value(), most);
}

std::size_t forget_vanished(write_context& context,
                            mailbox_key box,
                            const vanished_limits& most,
                            std::size_t most_rows) {
    auto counters = find_counters(context.tx, box);
    if (!counters) return 0;
    std::vector<std::string> keys;
    {
        cursor at(context.tx, table::vanished);
        const auto first = vanished_key(box, 0, 0);
        const auto prefix = std::string_view(first).substr(0, 8);
        for (bool more = at.seek(first); more && at.key().starts_with(prefix); more = at.next()) {
            if (keys.size() == most_rows || !is_old(*counters, at.value(), most)) break;
            counters->vanished_ranges -= std::min(counters->vanished_ranges, count_of(at.value()));
            counters->vanished_floor = modseq(modseq_of(at.key()));
            keys.emplace_back(at.key());
        }
    }
    for (const auto& key : keys)
        context.tx.remove(table::vanished, key);
    // Not by account_edit: sessions have nothing to hear of it.
    if (!keys.empty()) context.tx.put(table::counters, mailbox_row_key(box), encode(*counters));
    return keys.size();
}

}  // namespace hauspost::storage::lmdb
