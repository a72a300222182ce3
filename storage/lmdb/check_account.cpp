#include "storage/lmdb/check_account.hpp"

#include "storage/lmdb/account_edit.hpp"
#include "storage/lmdb/check_sharing.hpp"
#include "storage/lmdb/mailbox_rows.hpp"
#include "storage/lmdb/name_form.hpp"
#include "storage/lmdb/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <utility>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

class account_checker {
public:
    account_checker(const txn& within,
                    account_id account,
                    blob_counts& references,
                    function_ref<void(std::string)> find)
        : tx_(within), account_(account), references_(references), find_(find) {}

    account_figures run() {
        check_mailboxes();
        check_names();
        check_messages();
        check_flags();
        check_counters();
        check_vanished();
        check_expunged();
        check_gone_mailboxes();
        check_annotations(tx_, account_, find_);
        return figures_;
    }

private:
    template <class... Args>
    void find(fmt::format_string<Args...> text, Args&&... args) {
        find_(fmt::format(text, std::forward<Args>(args)...));
    }

    /// The account's rows of a table.
    template <class Visit>
    void walk(table which, Visit visit) {
        const auto prefix = account_key(account_);
        cursor at(tx_, which);
        for (bool more = at.seek(prefix); more && at.key().starts_with(prefix); more = at.next())
            visit(at.key(), at.value());
    }

    void check_mailboxes() {
        walk(table::mailbox, [this](std::string_view key, std::string_view value) {
            const auto box = mailbox_of(key);
            const auto row = decode_mailbox(value);
            ++figures_.mailboxes;
            auto& counted = recounts_[box];
            if (const auto stored = find_counters(tx_, box))
                counted.first_recent = stored->first_recent;
            else
                find("mailbox {}/{} has no counters", box.account.value(), box.mailbox.value());
            const auto named = find_mailbox(tx_, box.account, row.name);
            if (!row.removing && named != box.mailbox)
                find("mailbox {}/{} \"{}\" is not found by its name", box.account.value(),
                     box.mailbox.value(), row.name);
        });
    }

    void check_names() {
        walk(table::mailbox_name, [this](std::string_view key, std::string_view value) {
            const mailbox_id box(load_le<std::uint32_t>(value.data()));
            const auto row = find_mailbox_row(tx_, {account_, box});
            const std::string name(key.substr(4));
            if (!row || row->removing || row->name != name)
                find("the name \"{}\" of account {} refers to no mailbox", name, account_.value());
            if (composed(name) != name)
                find("the name \"{}\" of account {} is not in NFC", name, account_.value());
        });
    }

    void check_messages() {
        walk(table::message, [this](std::string_view key, std::string_view value) {
            const auto box = mailbox_of(key);
            const auto id = load_be<std::uint32_t>(key.data() + 8);
            const auto row = decode_message(value);
            ++figures_.messages;
            ++references_[row.blob];
            const auto block = tx_.get(table::flags, flag_block_key(box, id / 64));
            if (!block || (flag_block_view(*block).present() >> (id % 64) & 1) == 0)
                find("message {}/{}/{} has no flags", box.account.value(), box.mailbox.value(), id);
            check_blob_octets(
                row, fmt::format("message {}/{}/{}", box.account.value(), box.mailbox.value(), id));
            auto& counters = recounts_[box];
            ++counters.messages;
            counters.octets += row.octets;
            if (id >= counters.first_recent.value()) ++counters.recent;
        });
    }

    void check_blob_octets(const message_row& row, const std::string& owner) {
        const auto blob = tx_.get(table::blob, blob_key(row.blob));
        if (!blob)
            find("{} refers to blob {} that is missing", owner, row.blob.value());
        else if (decode_blob(*blob).octets + row.prefix.size() != row.octets)
            find("{} says {} octets, its blob and prefix have {}", owner, row.octets,
                 decode_blob(*blob).octets + row.prefix.size());
    }

    void check_flags() {
        walk(table::flags, [this](std::string_view key, std::string_view value) {
            const auto box = mailbox_of(key);
            const auto number = load_be<std::uint32_t>(key.data() + 8);
            const flag_block_view block(value);
            auto& counters = recounts_[box];
            for (auto bits = block.present(); bits != 0; bits &= bits - 1)
                check_entry(box, number, static_cast<unsigned>(std::countr_zero(bits)), block);
            counters.unseen +=
                static_cast<std::uint32_t>(std::popcount(block.present() & ~block.seen()));
            counters.deleted += static_cast<std::uint32_t>(std::popcount(block.deleted()));
            if (((block.seen() | block.deleted()) & ~block.present()) != 0)
                find("flag block {}/{}/{} has flags of absent messages", box.account.value(),
                     box.mailbox.value(), number);
        });
    }

    void check_entry(mailbox_key box,
                     std::uint32_t number,
                     unsigned n,
                     const flag_block_view& block) {
        const auto id = number * 64 + n;
        const auto name = [&] {
            return fmt::format("{}/{}/{}", box.account.value(), box.mailbox.value(), id);
        };
        if (!tx_.get(table::message, message_key(box, uid(id))))
            find("message {} has flags and no row", name());
        const bool seen = (block.flags(n) & mail::flags::seen) != 0;
        const bool deleted = (block.flags(n) & mail::flags::deleted) != 0;
        if (seen != ((block.seen() >> n & 1) != 0) || deleted != ((block.deleted() >> n & 1) != 0))
            find("message {} has other flags than its block's head says", name());
        if (block.modseq(n) > block.highest())
            find("message {} has a modseq above its block's highest", name());
    }

    void check_counters() {
        account_row sum;
        for (const auto& [box, now] : recounts_) {
            const auto stored = find_counters(tx_, box);
            sum.messages += now.messages;
            sum.octets += now.octets;
            if (!stored) continue;  // reported above
            if (stored->messages != now.messages || stored->octets != now.octets ||
                stored->unseen != now.unseen || stored->deleted != now.deleted)
                find(
                    "mailbox {}/{} counts {} messages, {} unseen, {} deleted, {} octets; there "
                    "are {}, {}, {}, {}",
                    box.account.value(), box.mailbox.value(), stored->messages, stored->unseen,
                    stored->deleted, stored->octets, now.messages, now.unseen, now.deleted,
                    now.octets);
            check_recent(box, *stored, now);
            check_uid_next(box, *stored);
        }
        if (recounts_.empty()) return;
        const auto stored = find_totals(tx_, account_);
        if (!stored || stored->messages != sum.messages || stored->octets != sum.octets)
            find("account {} counts {} messages, {} octets; there are {}, {}", account_.value(),
                 stored ? stored->messages : 0, stored ? stored->octets : 0, sum.messages,
                 sum.octets);
    }

    void check_recent(mailbox_key box,
                      const mailbox_counters& stored,
                      const mailbox_counters& counted) {
        if (stored.recent != counted.recent)
            find("mailbox {}/{} counts {} recent messages, there are {}", box.account.value(),
                 box.mailbox.value(), stored.recent, counted.recent);
        if (!stored.first_recent || stored.first_recent > stored.uid_next)
            find("mailbox {}/{} has {} as its first recent UID, and UIDNEXT {}",
                 box.account.value(), box.mailbox.value(), stored.first_recent.value(),
                 stored.uid_next.value());
    }

    void check_uid_next(mailbox_key box, const mailbox_counters& stored) {
        cursor at(tx_, table::message);
        const auto prefix = mailbox_row_key(box);
        if (at.seek(message_key(box, stored.uid_next)) && at.key().starts_with(prefix))
            find("mailbox {}/{} has a message at or above its UIDNEXT {}", box.account.value(),
                 box.mailbox.value(), stored.uid_next.value());
    }

    void check_vanished() {
        std::map<mailbox_key, std::uint32_t> ranges;
        walk(table::vanished, [&](std::string_view key, std::string_view value) {
            const auto octets = value.size();
            if (octets <= vanished_row_head || (octets - vanished_row_head) % 8 != 0)
                find("a vanished row of mailbox {}/{} has {} octets",
                     mailbox_of(key).account.value(), mailbox_of(key).mailbox.value(), octets);
            ranges[mailbox_of(key)] += static_cast<std::uint32_t>(octets / 8 - 1);
        });
        for (const auto& [box, counted] : recounts_) {
            const auto stored = find_counters(tx_, box);
            if (stored && stored->vanished_ranges != ranges[box])
                find("mailbox {}/{} counts {} vanished ranges, there are {}", box.account.value(),
                     box.mailbox.value(), stored->vanished_ranges, ranges[box]);
        }
    }

    void check_expunged() {
        std::uint64_t counted = 0;
        bool is_any = false;
        walk(table::expunged, [&](std::string_view, std::string_view value) {
            const auto row = decode_message(value.substr(expunged_row_head));
            ++references_[row.blob];
            counted += row.octets;
            is_any = true;
            check_blob_octets(row, "an expunged message");
        });
        const auto totals = find_totals(tx_, account_);
        if (totals && totals->expunged_octets != counted)
            find("account {} counts {} expunged octets, there are {}", account_.value(),
                 totals->expunged_octets, counted);
        if (!totals && is_any)
            find("account {} has expunged messages and no counters", account_.value());
    }

    void check_gone_mailboxes() {
        const bool is_kept =
            find_account_row(tx_, account_) || tx_.get(table::removed, account_key(account_));
        walk(table::gone_mailbox, [&](std::string_view key, std::string_view value) {
            const auto box = mailbox_of(key);
            const auto name = decode_gone_mailbox(value).name;
            if (!is_kept)
                find("mailbox {}/{} \"{}\" is kept as a gone one of nobody", box.account.value(),
                     box.mailbox.value(), name);
            if (find_mailbox_row(tx_, box))
                find("mailbox {}/{} \"{}\" is kept as a gone one and is none", box.account.value(),
                     box.mailbox.value(), name);
        });
    }

    const txn& tx_;
    const account_id account_;
    blob_counts& references_;
    function_ref<void(std::string)> find_;
    account_figures figures_;
    std::map<mailbox_key, mailbox_counters> recounts_;
};

}  // namespace

account_id next_account_of_rows(const txn& within, account_id from) {
    constexpr std::array tables{table::counters, table::mailbox,    table::mailbox_name,
                                table::message,  table::flags,      table::vanished,
                                table::expunged, table::annotation, table::gone_mailbox};
    account_id next;
    for (const auto which : tables) {
        cursor at(within, which);
        if (!at.seek(account_key(from))) continue;
        const account_id found(load_be<std::uint32_t>(at.key().data()));
        if (!next || found < next) next = found;
    }
    return next;
}

account_figures check_account(const txn& within,
                              account_id account,
                              blob_counts& references,
                              function_ref<void(std::string)> find) {
    return account_checker(within, account, references, find).run();
}

}  // namespace hauspost::storage::lmdb
