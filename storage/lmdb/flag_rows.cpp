#include "storage/lmdb/flag_rows.hpp"

#include "storage/lmdb/keyword_rows.hpp"
#include "storage/lmdb/message_rows.hpp"

#include <algorithm>
#include <bit>
#include <iterator>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

constexpr std::uint32_t system_bits = (1u << mail::flags::first_keyword) - 1;

/// The bits of a flags word that a change may touch.
std::uint32_t word_mask(const mail::flag_mask& changeable) {
    return (changeable.system & system_bits) | (changeable.keywords ? ~system_bits : 0);
}

std::uint32_t changed_bits(mail::change change,
                           std::uint32_t old,
                           std::uint32_t wanted,
                           std::uint32_t mask) {
    switch (change) {
    case mail::change::set: return (old & ~mask) | (wanted & mask);
    case mail::change::add: return old | wanted;
    case mail::change::remove: return old & ~wanted;
    }
    return old;
}

numbered_flags changed(mail::change change,
                       const numbered_flags& old,
                       const numbered_flags& wanted,
                       const mail::flag_mask& changeable) {
    numbered_flags now;
    now.bits = changed_bits(change, old.bits, wanted.bits, word_mask(changeable));
    switch (change) {
    case mail::change::set: now.extra = changeable.keywords ? wanted.extra : old.extra; return now;
    case mail::change::add:
        std::set_union(old.extra.begin(), old.extra.end(), wanted.extra.begin(), wanted.extra.end(),
                       std::back_inserter(now.extra));
        return now;
    case mail::change::remove:
        std::set_difference(old.extra.begin(), old.extra.end(), wanted.extra.begin(),
                            wanted.extra.end(), std::back_inserter(now.extra));
        return now;
    }
    return old;
}

/// One command's change of flags, block by block.
class flag_changer {
public:
    flag_changer(write_context& context,
                 account_edit& edit,
                 const store_request& request,
                 numbered_flags wanted,
                 bool has_extra)
        : context_(context),
          edit_(edit),
          request_(request),
          wanted_(std::move(wanted)),
          mask_(word_mask(request.changeable)),
          has_extra_(has_extra),
          counters_(*edit.mailbox(request.mailbox.mailbox)) {}

    /// Calls change_one for the wanted messages of one block, in UID order.
    void change_block(std::uint32_t number, std::span<const uid> uids) {
        const auto key = flag_block_key(request_.mailbox, number);
        flag_block block(*context_.tx.get(table::flags, key));
        is_dirty_ = false;
        if (!has_extra_) {
            for (const auto id : uids)
                change_plain(block, id);
            if (is_dirty_) context_.tx.put(table::flags, key, block.row());
            return;
        }
        for (const auto id : uids)
            change_one(block, id);
        if (is_dirty_) context_.tx.put(table::flags, key, block.row());
    }

    store_result finish() {
        result_.modified = to_ranges(modified_);
        if (is_changed_) {
            result_.modseq = modseq(edit_.modseq());
            counters_.highest_modseq = result_.modseq;
        }
        return std::move(result_);
    }
    [[nodiscard]] bool is_changed() const { return is_changed_; }

private:
    void change_one(flag_block& block, uid id) {
        const auto n = id.value() % 64;
        const auto old_modseq = block.modseq(n);
        if (old_modseq > request_.unchanged_since.value()) return modified_.push_back(id);
        numbered_flags old;
        old.bits = block.flags(n);
        if (has_extra_) old.extra = read_extra(context_.tx, request_.mailbox, id);
        const auto now = changed(request_.change, old, wanted_, request_.changeable);
        auto new_modseq = old_modseq;
        if (now != old) {
            new_modseq = edit_.modseq();
            count(old.bits, now.bits);
            block.set(n, now.bits, new_modseq);
            if (now.extra != old.extra) write_extra(context_, request_.mailbox, id, now.extra);
            is_dirty_ = is_changed_ = true;
        }
        const bool is_foreign = old_modseq > request_.known.value();
        if (request_.return_all || is_foreign)
            result_.now.push_back({id, now.bits, now.extra, modseq(new_modseq), is_foreign});
    }

    /// change_one for mailboxes without keywords beyond the word, as nearly all are: a STORE of
    /// 100,000 messages is 100,000 times this.
    void change_plain(flag_block& block, uid id) {
        const auto n = id.value() % 64;
        const auto old_modseq = block.modseq(n);
        if (old_modseq > request_.unchanged_since.value()) return modified_.push_back(id);
        const auto old = block.flags(n);
        const auto now = changed_bits(request_.change, old, wanted_.bits, mask_);
        auto new_modseq = old_modseq;
        if (now != old) {
            new_modseq = edit_.modseq();
            count(old, now);
            block.set(n, now, new_modseq);
            is_dirty_ = is_changed_ = true;
        }
        const bool is_foreign = old_modseq > request_.known.value();
        if (request_.return_all || is_foreign)
            result_.now.push_back({id, now, {}, modseq(new_modseq), is_foreign});
    }

    void count(std::uint32_t old, std::uint32_t now) {
        if ((old & ~now & mail::flags::seen) != 0) ++counters_.unseen;
        if ((now & ~old & mail::flags::seen) != 0) --counters_.unseen;
        if ((now & ~old & mail::flags::deleted) != 0) ++counters_.deleted;
        if ((old & ~now & mail::flags::deleted) != 0) --counters_.deleted;
    }

    write_context& context_;
    account_edit& edit_;
    const store_request& request_;
    const numbered_flags wanted_;
    const std::uint32_t mask_;
    const bool has_extra_;
    mailbox_counters& counters_;
    store_result result_;
    std::vector<uid> modified_;
    bool is_dirty_ = false;
    bool is_changed_ = false;
};

}  // namespace

result<store_result> change_flags(write_context& context,
                                  account_edit& edit,
                                  const store_request& request) {
    auto words = read_keywords(context.tx, request.mailbox);
    const auto uids = present_uids(context.tx, request.mailbox, request.uids, false, SIZE_MAX);
    // Taking away a keyword that nobody ever set must not enter it in the table.
    const bool may_add = request.change != mail::change::remove && !uids.empty();
    if (may_add && context.is_room_low && !are_known(request.flags, words))
        return fail(errc::disk_full);
    auto wanted = may_add ? number_flags(context, request.mailbox, request.flags, words)
                          : result<numbered_flags>(number_known(request.flags, words));
    if (!wanted) return wanted.error();
    flag_changer changer(context, edit, request, std::move(*wanted),
                         words.size() > mail::flags::in_word);
    for (std::size_t i = 0; i < uids.size();) {
        const auto number = uids[i].value() / 64;
        auto end = i;
        while (end < uids.size() && uids[end].value() / 64 == number)
            ++end;
        changer.change_block(number, std::span(uids).subspan(i, end - i));
        i = end;
    }
    auto done = changer.finish();
    done.keywords = std::move(words);
    if (changer.is_changed()) edit.save();
    return done;
}

}  // namespace hauspost::storage::lmdb
