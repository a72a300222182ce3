#include "storage/lmdb/mailboxes.hpp"

#include "storage/lmdb/annotation_rows.hpp"
#include "storage/lmdb/keyword_rows.hpp"
#include "storage/lmdb/mailbox_rows.hpp"
#include "storage/lmdb/message_walk.hpp"
#include "storage/lmdb/vanished_rows.hpp"

#include <algorithm>
#include <bit>

/// Names, and what sessions read of mailboxes.
namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

std::vector<std::string> subscribed_names(const txn& within, account_id account) {
    std::vector<std::string> names;
    cursor at(within, table::subscription);
    const auto prefix = account_key(account);
    for (bool more = at.seek(prefix); more && at.key().starts_with(prefix); more = at.next())
        names.emplace_back(at.key().substr(sizeof(std::uint32_t)));
    return names;
}

/// Calls visit(number, block) for all flag blocks of a mailbox.
void for_each_block(const txn& within,
                    mailbox_key box,
                    function_ref<void(std::uint32_t, const flag_block_view&)> visit) {
    cursor at(within, table::flags);
    const auto first = flag_block_key(box, 0);
    const auto prefix = std::string_view(first).substr(0, 8);
    for (bool more = at.seek(first); more && at.key().starts_with(prefix); more = at.next()) {
        const flag_block_view block(at.value());
        visit(load_be<std::uint32_t>(at.key().data() + 8), block);
    }
}

void collect_changed(const txn& within,
                     mailbox_key box,
                     std::uint32_t number,
                     const flag_block_view& block,
                     std::uint64_t since,
                     bool has_extra,
                     std::vector<message_flags>& changed) {
    for (auto bits = block.present(); bits != 0; bits &= bits - 1) {
        const auto n = static_cast<unsigned>(std::countr_zero(bits));
        if (block.modseq(n) <= since) continue;
        message_flags message;
        message.uid = uid(number * 64 + n);
        message.bits = block.flags(n);
        message.modseq = modseq(block.modseq(n));
        if (has_extra) message.extra_keywords = read_extra(within, box, message.uid);
        changed.push_back(std::move(message));
    }
}

/// Each slice is a snapshot of its own: a long one would keep all pages freed meanwhile from being
/// used again.
class slices final : public message_cursor {
public:
    slices(environment& env,
           mailbox_key box,
           mail::uid_ranges ranges,
           walk_detail detail,
           modseq since)
        : env_(env),
          box_(box),
          ranges_(std::move(ranges)),
          rest_(ranges_),
          detail_(detail),
          since_(since) {}

    [[nodiscard]] bool is_done() const noexcept override { return rest_.empty(); }

    awaitable<error_code> next(function_ref<bool(const message_view&)> visit) override {
        read_txn tx(env_);
        message_walk walk(tx, box_, detail_, since_.value());
        go_on_at(walk.run(rest_, slice_of(detail_), visit));
        co_return error_code();
    }

private:
    /// Some 0.1 to 0.5 ms.
    static std::size_t slice_of(walk_detail detail) noexcept {
        switch (detail) {
        case walk_detail::flags_only: return 4'096;
        case walk_detail::row_heads: return 2'048;
        case walk_detail::rows: return 512;
        }
        return 1;
    }

    /// id  0: the ranges are done
    void go_on_at(uid id) noexcept {
        const auto behind = [id](const auto& range) { return id && id <= range.last; };
        const auto at = std::find_if(rest_.begin(), rest_.end(), behind);
        rest_ = rest_.last(static_cast<std::size_t>(rest_.end() - at));
        if (!rest_.empty()) rest_.front().first = std::max(rest_.front().first, id);
    }

    environment& env_;
    const mailbox_key box_;
    mail::uid_ranges ranges_;
    std::span<mail::uid_range> rest_;
    const walk_detail detail_;
    const modseq since_;
};

}  // namespace

awaitable<result<std::vector<mailbox_info>>> mailboxes::list(account_id account) {
    read_txn tx(core_.env);
    if (!find_totals(tx, account)) co_return fail(errc::no_such_account);
    co_return list_mailboxes(tx, account);
}

awaitable<result<std::vector<named_mailbox>>> mailboxes::names(account_id account) {
    read_txn tx(core_.env);
    if (!find_totals(tx, account)) co_return fail(errc::no_such_account);
    co_return list_names(tx, account);
}

awaitable<result<std::vector<mailbox_info>>> mailboxes::describe(
    account_id account, std::span<const named_mailbox> some) {
    std::vector<mailbox_info> all;
    all.reserve(some.size());
    read_txn tx(core_.env);
    if (!find_totals(tx, account)) co_return fail(errc::no_such_account);
    for (const auto& one : some) {
        const mailbox_key box{account, one.id};
        const auto row = find_mailbox_row(tx, box);
        if (!row || row->removing) continue;
        all.push_back(describe_mailbox(tx, box, *row));
        all.back().name = one.name;
    }
    co_return std::move(all);
}

awaitable<result<mailbox_info>> mailboxes::find(account_id account, std::string name) {
    read_txn tx(core_.env);
    const auto id = find_mailbox(tx, account, canonical_name(std::move(name)));
    if (!id) co_return fail(errc::no_such_mailbox);
    co_return describe_mailbox(tx, {account, *id});
}

awaitable<result<mailbox_id>> mailboxes::create(account_id account,
                                                std::string name,
                                                mail::special_use use) {
    name = canonical_name(std::move(name));
    auto work = [&](write_context& context) -> result<mailbox_id> {
        account_edit edit(context, account);
        if (!find_account_row(context.tx, account)) return fail(errc::no_such_account);
        const auto made =
            create_mailbox(context, edit, account, name, use, core_.options.max_mailboxes);
        if (made) edit.save();
        return made;
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> mailboxes::remove(account_id account, std::string name) {
    name = canonical_name(std::move(name));
    auto work = [&](write_context& context) -> error_code {
        account_edit edit(context, account);
        if (!edit.exists()) return make_error_code(errc::no_such_account);
        const auto going = begin_removal(context, edit, account, name);
        if (!going) return going.error();
        edit.save();
        return {};
    };
    const auto done = co_await core_.writer->run(std::move(work));
    if (!done) core_.janitor->note_removal();
    co_return done;
}

awaitable<error_code> mailboxes::rename(account_id account, std::string from, std::string to) {
    from = canonical_name(std::move(from));
    to = canonical_name(std::move(to));
    if (from == "INBOX") co_return co_await move_inbox(account, std::move(to));
    auto work = [&](write_context& context) -> error_code {
        account_edit edit(context, account);
        if (!find_account_row(context.tx, account)) return make_error_code(errc::no_such_account);
        const auto done =
            rename_mailboxes(context, edit, account, from, to, core_.options.max_mailboxes);
        if (!done) edit.save();
        return done;
    };
    const auto done = co_await core_.writer->run(std::move(work));
    if (!done) core_.janitor->note_removal();  // of parents that were left without children
    co_return done;
}

/// RFC 9051 6.3.6: renaming INBOX moves its messages and leaves INBOX empty. In slices, as MOVE
/// does: 100,000 messages in one would hold up all other writers for a second. Broken off between
/// two of them, each message is in one of the two mailboxes.
awaitable<error_code> mailboxes::move_inbox(account_id account, std::string to) {
    const mailbox_key from{account, inbox};
    auto work = [&](write_context& context) -> result<mailbox_id> {
        account_edit edit(context, account);
        if (!find_account_row(context.tx, account)) return fail(errc::no_such_account);
        const auto made = create_mailbox(context, edit, account, to, mail::special_use::none,
                                         core_.options.max_mailboxes);
        if (!made) return made;
        copy_annotations(context, from, {account, *made});
        edit.save();
        return made;
    };
    const auto made = co_await core_.writer->run(std::move(work));
    if (!made) co_return made.error();
    const mailbox_key target{account, *made};
    mail::uid_ranges all{{uid(1), uid(UINT32_MAX)}};
    const mail::flag_mask every_flag;
    const auto moved = co_await transfer(from, std::move(all), target, true, every_flag);
    co_return moved ? error_code() : moved.error();
}

awaitable<error_code> mailboxes::set_subscribed(account_id account, std::string name, bool on) {
    name = canonical_name(std::move(name));
    if (!is_valid_name(name)) co_return make_error_code(errc::invalid_name);
    auto work = [&](write_context& context) -> error_code {
        if (!find_account_row(context.tx, account)) return make_error_code(errc::no_such_account);
        const auto key = name_key(account, name);
        if (context.tx.get(table::subscription, key).has_value() == on) return {};
        if (on && context.is_room_low) return make_error_code(errc::disk_full);
        // Sessions that watch (NOTIFY) hear of it; it is no change of mail and takes no modseq.
        wake(context, account);
        if (!on) {
            context.tx.remove(table::subscription, key);
            return {};
        }
        if (subscribed_names(context.tx, account).size() >= core_.options.max_mailboxes)
            return make_error_code(errc::too_many_mailboxes);
        context.tx.put(table::subscription, key, "");
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<result<std::vector<std::string>>> mailboxes::subscriptions(account_id account) {
    read_txn tx(core_.env);
    co_return subscribed_names(tx, account);
}

awaitable<result<quota_state>> mailboxes::quota(account_id account) {
    read_txn tx(core_.env);
    const auto row = find_account_row(tx, account);
    const auto totals = find_totals(tx, account);
    if (!row || !totals) co_return fail(errc::no_such_account);
    co_return quota_state{totals->octets, row->quota_octets};
}

awaitable<result<mailbox_snapshot>> mailboxes::open(mailbox_key mailbox) {
    mailbox_snapshot now;
    read_txn tx(core_.env);
    if (!is_selectable(tx, mailbox)) co_return fail(errc::no_such_mailbox);
    now.info = describe_mailbox(tx, mailbox);
    now.keywords = read_keywords(tx, mailbox);
    now.uids.reserve(now.info.counters.messages / 64 + 1);
    for_each_block(tx, mailbox, [&](std::uint32_t number, const flag_block_view& block) {
        now.uids.push_back({number, block.present()});
        const auto unseen = block.present() & ~block.seen();
        if (unseen != 0 && !now.first_unseen)
            now.first_unseen = uid(number * 64 + static_cast<unsigned>(std::countr_zero(unseen)));
    });
    co_return now;
}

awaitable<result<std::vector<std::string>>> mailboxes::keywords(mailbox_key mailbox) {
    read_txn tx(core_.env);
    if (!is_selectable(tx, mailbox)) co_return fail(errc::no_such_mailbox);
    co_return read_keywords(tx, mailbox);
}

awaitable<result<mailbox_changes>> mailboxes::changes(mailbox_key mailbox, modseq since) {
    mailbox_changes now;
    read_txn tx(core_.env);
    if (!is_selectable(tx, mailbox)) co_return fail(errc::no_such_mailbox);
    now.counters = *find_counters(tx, mailbox);
    now.keywords = read_keywords(tx, mailbox);
    const bool has_extra = now.keywords.size() > mail::flags::in_word;
    for_each_block(tx, mailbox, [&](std::uint32_t number, const flag_block_view& block) {
        now.uids.push_back({number, block.present()});
        if (block.highest() > since.value())
            collect_changed(tx, mailbox, number, block, since.value(), has_extra, now.changed);
    });
    co_return now;
}

awaitable<result<vanished_uids>> mailboxes::vanished(mailbox_key mailbox, modseq since) {
    read_txn tx(core_.env);
    if (!is_selectable(tx, mailbox)) co_return fail(errc::no_such_mailbox);
    co_return find_vanished(tx, mailbox, since.value());
}

std::unique_ptr<message_cursor> mailboxes::walk(mailbox_key mailbox,
                                                mail::uid_ranges ranges,
                                                walk_detail detail,
                                                modseq since) {
    return std::make_unique<slices>(core_.env, mailbox, std::move(ranges), detail, since);
}

}  // namespace hauspost::storage::lmdb
