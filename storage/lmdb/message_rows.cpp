#include "storage/lmdb/message_rows.hpp"

#include "storage/lmdb/expunged_rows.hpp"
#include "storage/lmdb/flag_blocks.hpp"
#include "storage/lmdb/vanished_rows.hpp"

#include <algorithm>
#include <bit>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

/// Puts what of the summary does not fit into the row in rows of its own. Returns how many.
std::uint16_t cut_summary(write_context& context, mailbox_key box, uid id, message_row& row) {
    const auto room = max_value_octets - message_row_head;
    const auto inline_octets =
        row.prefix.size() < room ? std::min(row.summary.size(), room - row.prefix.size()) : 0;
    auto rest = row.summary.substr(inline_octets);
    row.summary = row.summary.substr(0, inline_octets);
    row.has_rest = !rest.empty();
    std::uint16_t n = 0;
    for (; !rest.empty(); ++n) {
        context.tx.put(table::summary_rest, summary_rest_key(box, id, n),
                       rest.substr(0, max_value_octets));
        rest.remove_prefix(std::min(rest.size(), max_value_octets));
    }
    return n;
}

void count_in(mailbox_counters& counters,
              account_row& totals,
              std::uint32_t bits,
              std::uint64_t octets) {
    ++counters.messages;
    ++counters.recent;  // its UID is the highest
    if ((bits & mail::flags::seen) == 0) ++counters.unseen;
    if ((bits & mail::flags::deleted) != 0) ++counters.deleted;
    counters.octets += octets;
    ++totals.messages;
    totals.octets += octets;
}

void count_out(mailbox_counters& counters,
               account_row& totals,
               uid id,
               std::uint32_t bits,
               std::uint64_t octets) {
    --counters.messages;
    if (id >= counters.first_recent) --counters.recent;
    if ((bits & mail::flags::seen) == 0) --counters.unseen;
    if ((bits & mail::flags::deleted) != 0) --counters.deleted;
    counters.octets -= octets;
    --totals.messages;
    totals.octets -= octets;
}

/// Takes UIDs out of the flag blocks; calls gone(uid, flags) for each that was there.
void erase_flags(write_context& context,
                 mailbox_key box,
                 std::span<const uid> uids,
                 std::uint64_t modseq,
                 function_ref<void(uid, std::uint32_t)> gone) {
    for (std::size_t i = 0; i < uids.size();) {
        const auto number = block_of(uids[i]);
        auto block = load_block(context.tx, box, number);
        for (; i < uids.size() && block_of(uids[i]) == number; ++i) {
            const auto n = index_of(uids[i]);
            if ((block.present() >> n & 1) == 0) continue;
            gone(uids[i], block.flags(n));
            block.erase(n, modseq);
        }
        if (block.present() == 0)
            context.tx.remove(table::flags, flag_block_key(box, number));
        else
            context.tx.put(table::flags, flag_block_key(box, number), block.row());
    }
}

void remove_rest_rows(write_context& context, mailbox_key box, uid id, std::uint16_t from = 0) {
    for (auto n = from; context.tx.remove(table::summary_rest, summary_rest_key(box, id, n));)
        ++n;
}

using flagged_uids = std::vector<std::pair<uid, numbered_flags>>;

/// Puts flags in the keyword numbers of another mailbox. Refuses too_many_keywords with its keyword
/// table as it was.
error_code renumber(write_context& context,
                    mailbox_key target,
                    flagged_uids& messages,
                    const std::vector<std::string>& source_words) {
    auto words = read_keywords(context.tx, target);
    numbered_flags used;
    for (const auto& [id, flags] : messages) {
        used.bits |= flags.bits;
        used.extra.insert(used.extra.end(), flags.extra.begin(), flags.extra.end());
    }
    std::sort(used.extra.begin(), used.extra.end());
    used.extra.erase(std::unique(used.extra.begin(), used.extra.end()), used.extra.end());
    const auto all = number_flags(context, target, name_flags(used, source_words), words);
    if (!all) return all.error();
    for (auto& [id, flags] : messages)
        flags = number_known(name_flags(flags, source_words), words);
    return {};
}

/// Messages that are to be copied: those of `uids` that are there, with the flags that the copies
/// keep, and their octets.
std::pair<flagged_uids, std::uint64_t> read_flags(const txn& within,
                                                  mailbox_key from,
                                                  std::span<const uid> uids,
                                                  const mail::flag_mask& kept,
                                                  const std::vector<std::string>& words) {
    constexpr std::uint32_t system_bits = (1u << mail::flags::first_keyword) - 1;
    const auto mask = (kept.system & system_bits) | (kept.keywords ? ~system_bits : 0);
    std::uint64_t octets = 0;
    flagged_uids found;
    for (const auto id : uids) {
        const auto block = load_block(within, from, block_of(id));
        if ((block.present() >> index_of(id) & 1) == 0) continue;
        numbered_flags flags{block.flags(index_of(id)) & mask, {}};
        if (kept.keywords && words.size() > mail::flags::in_word)
            flags.extra = read_extra(within, from, id);
        found.emplace_back(id, std::move(flags));
        const auto row = within.get(table::message, message_key(from, id));
        if (!row) throw fault("a message that has flags has no row");
        octets += decode_message(*row).octets;
    }
    return {std::move(found), octets};
}

}  // namespace

mail::uid_ranges to_ranges(std::span<const uid> uids) {
    mail::uid_ranges ranges;
    for (const auto id : uids) {
        if (!ranges.empty() && ranges.back().last.value() + 1 == id.value())
            ranges.back().last = id;
        else
            ranges.push_back({id, id});
    }
    return ranges;
}

uid insert_message(write_context& context,
                   account_edit& edit,
                   mailbox_key box,
                   const new_message& message) {
    auto& counters = *edit.mailbox(box.mailbox);
    const auto id = counters.uid_next;
    counters.uid_next = uid(id.value() + 1);
    message_row row;
    row.blob = message.blob;
    row.octets = message.prefix.size() + message.blob_octets;
    row.internal_date = message.internal_date;
    row.save_date = message.save_date;
    row.thread = message.thread;
    row.prefix = message.prefix;
    row.summary = message.summary;
    cut_summary(context, box, id, row);
    context.tx.put(table::message, message_key(box, id), encode(row));
    auto block = load_block(context.tx, box, block_of(id));
    block.set(index_of(id), message.flags.bits, edit.modseq());
    context.tx.put(table::flags, flag_block_key(box, block_of(id)), block.row());
    if (!message.flags.extra.empty()) write_extra(context, box, id, message.flags.extra);
    counters.highest_modseq = modseq(edit.modseq());
    count_in(counters, edit.totals(), message.flags.bits, row.octets);
    return id;
}

std::string_view whole_summary(
    const txn& within, mailbox_key box, uid id, const message_row& row, std::string& scratch) {
    if (!row.has_rest) return row.summary;
    scratch.assign(row.summary);
    for (std::uint16_t n = 0;; ++n) {
        const auto more = within.get(table::summary_rest, summary_rest_key(box, id, n));
        if (!more) return scratch;
        scratch.append(*more);
    }
}

std::string with_summary(write_context& context,
                         mailbox_key box,
                         uid id,
                         std::string_view row,
                         std::string_view summary) {
    auto changed = decode_message(row);
    changed.summary = summary;
    const auto rows = cut_summary(context, box, id, changed);
    remove_rest_rows(context, box, id, rows);
    return encode(changed);
}

std::vector<uid> present_uids(const txn& within,
                              mailbox_key box,
                              std::span<const mail::uid_range> ranges,
                              bool only_deleted,
                              std::size_t limit) {
    std::vector<uid> found;
    walk_blocks(
        within, box, ranges,
        [&](std::uint32_t number, const flag_block_view& block, std::uint64_t bits) {
            if (only_deleted) bits &= block.deleted();
            for (; bits != 0 && found.size() < limit; bits &= bits - 1)
                found.emplace_back(number * 64 + static_cast<unsigned>(std::countr_zero(bits)));
            return found.size() < limit;
        });
    return found;
}

std::vector<blob_id> expunge_messages(write_context& context,
                                      account_edit& edit,
                                      mailbox_key box,
                                      std::span<const uid> uids) {
    auto& counters = *edit.mailbox(box.mailbox);
    const auto modseq_now = edit.modseq();
    std::vector<uid> gone;
    std::vector<blob_id> blobs;
    erase_flags(context, box, uids, modseq_now, [&](uid id, std::uint32_t bits) {
        const auto row = context.tx.get(table::message, message_key(box, id));
        if (!row) throw fault("a message that has flags has no row");
        const auto message = decode_message(*row);
        count_out(counters, edit.totals(), id, bits, message.octets);
        blobs.push_back(message.blob);
        const std::string own(*row);  // the tables change below
        keep_expunged(context, edit, box, id, bits, own);
        context.tx.remove(table::message, message_key(box, id));
        context.tx.remove(table::extra_flags, message_key(box, id));
        gone.push_back(id);
    });
    if (gone.empty()) return blobs;
    write_vanished(context, edit, box, to_ranges(gone));
    counters.highest_modseq = modseq(modseq_now);
    return blobs;
}

result<copy_result> copy_messages(write_context& context,
                                  account_edit& edit,
                                  mailbox_key from,
                                  std::span<const uid> uids,
                                  const copy_target& to,
                                  bool move) {
    const auto target = to.box;
    const bool is_same_account = from.account == target.account;
    const auto source_words = read_keywords(context.tx, from);
    copy_result done;
    done.uid_validity = to.edit.mailbox(target.mailbox)->uid_validity;
    auto [found, octets] = read_flags(context.tx, from, uids, to.kept, source_words);
    if (!(move && is_same_account) && !to.edit.has_room(octets)) return fail(errc::over_quota);
    if (from != target) {
        if (const auto refused = renumber(context, target, found, source_words)) return refused;
    }
    std::string scratch;
    for (const auto& [id, flags] : found) {
        // Copied out: the insert below may change the page that the row stands on.
        const std::string octets_of_row(*context.tx.get(table::message, message_key(from, id)));
        const auto row = decode_message(octets_of_row);
        const std::string summary(whole_summary(context.tx, from, id, row, scratch));
        new_message message;
        message.blob = row.blob;
        message.blob_octets = row.octets - row.prefix.size();
        message.internal_date = row.internal_date;
        message.save_date = context.now;
        message.thread = row.thread;
        message.prefix = row.prefix;
        message.summary = summary;
        message.flags = flags;
        done.from.push_back(id);
        done.to.push_back(insert_message(context, to.edit, target, message));
        if (!move) context.add_reference(row.blob);
    }
    done.modseq = modseq(to.edit.modseq());
    if (!move || done.from.empty()) return done;
    auto& counters = *edit.mailbox(from.mailbox);
    erase_flags(context, from, done.from, edit.modseq(), [&](uid id, std::uint32_t bits) {
        const auto row = context.tx.get(table::message, message_key(from, id));
        count_out(counters, edit.totals(), id, bits, decode_message(*row).octets);
        context.tx.remove(table::message, message_key(from, id));
        context.tx.remove(table::extra_flags, message_key(from, id));
        remove_rest_rows(context, from, id);
    });
    write_vanished(context, edit, from, to_ranges(done.from));
    counters.highest_modseq = modseq(edit.modseq());
    return done;
}

}  // namespace hauspost::storage::lmdb
