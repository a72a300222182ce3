#include "storage/lmdb/check.hpp"

#include "storage/lmdb/account_edit.hpp"
#include "storage/lmdb/check_octets.hpp"
#include "storage/lmdb/check_sharing.hpp"
#include "storage/lmdb/keyword_rows.hpp"
#include "storage/lmdb/mailbox_rows.hpp"
#include "storage/lmdb/name_form.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/lmdb/write_context.hpp"

#include <fmt/format.h>

#include <bit>
#include <map>
#include <optional>
#include <unordered_map>

namespace hauspost::storage {

using namespace schema;

namespace {

void add(check_report& report, std::string finding) {
    constexpr std::size_t enough = 1000;  // a store this broken needs a backup, not a list
    if (report.findings.size() < enough) report.findings.push_back(std::move(finding));
}

/// All rows, in one snapshot: some 5 s for a million messages.
class checker {
public:
    explicit checker(environment& env) : tx_(env) {}

    check_report run() {
        check_mailboxes();
        check_names();
        check_messages();
        check_counters();
        check_vanished();
        check_expunged();
        check_queue();
        check_blobs();
        check_segments();
        check_directory();
        check_removed();
        check_sharing(tx_, [this](const std::string& what) { find("{}", what); });
        return std::move(report_);
    }

private:
    /// nullopt: it is an alias.
    static std::optional<account_id> account_of_address(std::string_view value) {
        octet_reader in(value);
        if (in.number<char>() != static_cast<char>(address_kind::account)) return std::nullopt;
        return account_id(in.number<std::uint32_t>());
    }

    struct recount {
        mailbox_counters counters;
    };

    template <class... Args>
    void find(fmt::format_string<Args...> text, Args&&... args) {
        add(report_, fmt::format(text, std::forward<Args>(args)...));
    }

    static mailbox_key box_of(std::string_view key) {
        return {account_id(load_be<std::uint32_t>(key.data())),
                mailbox_id(load_be<std::uint32_t>(key.data() + 4))};
    }

    void check_mailboxes() {
        cursor at(tx_, table::mailbox);
        for (bool more = at.first(); more; more = at.next()) {
            const auto box = box_of(at.key());
            const auto row = decode_mailbox(at.value());
            ++report_.mailboxes;
            recounts_[box];
            if (!find_counters(tx_, box))
                find("mailbox {}/{} has no counters", box.account.value(), box.mailbox.value());
            const auto named = find_mailbox(tx_, box.account, row.name);
            if (!row.removing && named != box.mailbox)
                find("mailbox {}/{} \"{}\" is not found by its name", box.account.value(),
                     box.mailbox.value(), row.name);
        }
    }

    void check_names() {
        cursor at(tx_, table::mailbox_name);
        for (bool more = at.first(); more; more = at.next()) {
            const account_id account(load_be<std::uint32_t>(at.key().data()));
            const mailbox_id box(load_le<std::uint32_t>(at.value().data()));
            const auto row = find_mailbox_row(tx_, {account, box});
            if (!row || row->removing || row->name != at.key().substr(4))
                find("the name \"{}\" of account {} refers to no mailbox", at.key().substr(4),
                     account.value());
            const std::string name(at.key().substr(4));
            if (composed(name) != name)
                find("the name \"{}\" of account {} is not in NFC", name, account.value());
        }
    }

    void check_messages() {
        cursor rows(tx_, table::message);
        for (bool more = rows.first(); more; more = rows.next()) {
            const auto box = box_of(rows.key());
            const auto id = load_be<std::uint32_t>(rows.key().data() + 8);
            const auto row = decode_message(rows.value());
            ++report_.messages;
            ++references_[row.blob];
            const auto block = tx_.get(table::flags, flag_block_key(box, id / 64));
            if (!block || (flag_block_view(*block).present() >> (id % 64) & 1) == 0)
                find("message {}/{}/{} has no flags", box.account.value(), box.mailbox.value(), id);
            check_blob_octets(
                row, fmt::format("message {}/{}/{}", box.account.value(), box.mailbox.value(), id));
            auto& counters = recounts_[box].counters;
            ++counters.messages;
            counters.octets += row.octets;
        }
        check_flags();
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
        cursor blocks(tx_, table::flags);
        for (bool more = blocks.first(); more; more = blocks.next()) {
            const auto box = box_of(blocks.key());
            const auto number = load_be<std::uint32_t>(blocks.key().data() + 8);
            const flag_block_view block(blocks.value());
            auto& counters = recounts_[box].counters;
            for (auto bits = block.present(); bits != 0; bits &= bits - 1)
                check_entry(box, number, static_cast<unsigned>(std::countr_zero(bits)), block);
            counters.unseen +=
                static_cast<std::uint32_t>(std::popcount(block.present() & ~block.seen()));
            counters.deleted += static_cast<std::uint32_t>(std::popcount(block.deleted()));
            if (((block.seen() | block.deleted()) & ~block.present()) != 0)
                find("flag block {}/{}/{} has flags of absent messages", box.account.value(),
                     box.mailbox.value(), number);
        }
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
        const bool seen = (block.flags(n) & flags::seen) != 0;
        const bool deleted = (block.flags(n) & flags::deleted) != 0;
        if (seen != ((block.seen() >> n & 1) != 0) || deleted != ((block.deleted() >> n & 1) != 0))
            find("message {} has other flags than its block's head says", name());
        if (block.modseq(n) > block.highest())
            find("message {} has a modseq above its block's highest", name());
    }

    void check_vanished() {
        std::map<mailbox_key, std::uint32_t> ranges;
        cursor at(tx_, table::vanished);
        for (bool more = at.first(); more; more = at.next()) {
            const auto octets = at.value().size();
            if (octets <= vanished_row_head || (octets - vanished_row_head) % 8 != 0)
                find("a vanished row of mailbox {}/{} has {} octets",
                     box_of(at.key()).account.value(), box_of(at.key()).mailbox.value(), octets);
            ranges[box_of(at.key())] += static_cast<std::uint32_t>(octets / 8 - 1);
        }
        for (const auto& [box, counted] : recounts_) {
            const auto stored = find_counters(tx_, box);
            if (stored && stored->vanished_ranges != ranges[box])
                find("mailbox {}/{} counts {} vanished ranges, there are {}", box.account.value(),
                     box.mailbox.value(), stored->vanished_ranges, ranges[box]);
        }
    }

    void check_counters() {
        std::map<account_id, account_row> sums;
        for (const auto& [box, counted] : recounts_) {
            const auto stored = find_counters(tx_, box);
            auto& sum = sums[box.account];
            sum.messages += counted.counters.messages;
            sum.octets += counted.counters.octets;
            if (!stored) continue;  // reported above
            const auto& now = counted.counters;
            if (stored->messages != now.messages || stored->octets != now.octets ||
                stored->unseen != now.unseen || stored->deleted != now.deleted)
                find(
                    "mailbox {}/{} counts {} messages, {} unseen, {} deleted, {} octets; there "
                    "are {}, {}, {}, {}",
                    box.account.value(), box.mailbox.value(), stored->messages, stored->unseen,
                    stored->deleted, stored->octets, now.messages, now.unseen, now.deleted,
                    now.octets);
            check_uid_next(box, *stored);
        }
        for (const auto& [account, sum] : sums) {
            const auto stored = find_totals(tx_, account);
            if (!stored || stored->messages != sum.messages || stored->octets != sum.octets)
                find("account {} counts {} messages, {} octets; there are {}, {}", account.value(),
                     stored ? stored->messages : 0, stored ? stored->octets : 0, sum.messages,
                     sum.octets);
        }
    }

    void check_uid_next(mailbox_key box, const mailbox_counters& stored) {
        cursor at(tx_, table::message);
        const auto prefix = mailbox_row_key(box);
        if (at.seek(message_key(box, stored.uid_next)) && at.key().starts_with(prefix))
            find("mailbox {}/{} has a message at or above its UIDNEXT {}", box.account.value(),
                 box.mailbox.value(), stored.uid_next.value());
    }

    void check_expunged() {
        cursor at(tx_, table::expunged);
        for (bool more = at.first(); more; more = at.next()) {
            const auto row = decode_message(at.value().substr(expunged_row_head));
            ++references_[row.blob];
            expunged_[account_id(load_be<std::uint32_t>(at.key().data()))] += row.octets;
            check_blob_octets(row, "an expunged message");
        }
        check_expunged_octets();
    }

    void check_expunged_octets() {
        cursor at(tx_, table::counters);
        for (bool more = at.first(); more; more = at.next()) {
            const auto box = box_of(at.key());
            if (box.mailbox) continue;
            const auto stored = decode_account_row(at.value()).expunged_octets;
            const auto counted = expunged_[box.account];
            expunged_.erase(box.account);
            if (stored != counted)
                find("account {} counts {} expunged octets, there are {}", box.account.value(),
                     stored, counted);
        }
        for (const auto& [account, octets] : expunged_)
            find("account {} has expunged messages and no counters", account.value());
    }

    void check_removed() {
        cursor at(tx_, table::removed);
        for (bool more = at.first(); more; more = at.next()) {
            const account_id id(load_be<std::uint32_t>(at.key().data()));
            if (find_account_row(tx_, id) || !find_totals(tx_, id))
                find("account {} \"{}\" is kept as a removed one and is none", id.value(),
                     decode_removed(at.value()).name);
        }
    }

    void check_queue() {
        std::size_t items = 0, times = 0;
        cursor at(tx_, table::queue);
        for (bool more = at.first(); more; more = at.next(), ++items) {
            const queue_id id(load_be<std::uint64_t>(at.key().data()));
            const auto item = decode_queue(id, at.value());
            ++references_[item.blob];
            if (!tx_.get(table::due, due_key(item.due_at, id)))
                find("queue item {} has no due row", id.value());
        }
        cursor due(tx_, table::due);
        for (bool more = due.first(); more; more = due.next())
            ++times;
        if (items != times) find("{} queue items have {} due rows", items, times);
    }

    void check_blobs() {
        cursor at(tx_, table::blob);
        for (bool more = at.first(); more; more = at.next()) {
            const blob_id id(load_be<std::uint64_t>(at.key().data()));
            const auto row = decode_blob(at.value());
            ++report_.blobs;
            report_.octets += row.octets;
            const auto found = references_.find(id);
            const auto counted = found == references_.end() ? 0 : found->second;
            if (counted != row.references)
                find("blob {} counts {} references, there are {}", id.value(), row.references,
                     counted);
            if (row.segment != 0) live_[row.segment] += segment_files::record_octets(row.octets);
        }
    }

    void check_segments() {
        cursor at(tx_, table::segment);
        for (bool more = at.first(); more; more = at.next()) {
            const auto number = load_be<std::uint32_t>(at.key().data());
            const auto row = decode_segment(at.value());
            if (row.live != live_[number])
                find("segment {} counts {} live octets, there are {}", number, row.live,
                     live_[number]);
            if (row.live > row.committed)
                find("segment {} has more live octets than it is long", number);
        }
    }

    void check_directory() {
        cursor at(tx_, table::account);
        for (bool more = at.first(); more; more = at.next()) {
            const account_id id(load_be<std::uint32_t>(at.key().data()));
            const auto row = decode_account(id, at.value());
            ++report_.accounts;
            if (!tx_.get(table::address, row.name))
                find("account {} \"{}\" is not found by its address", id.value(), row.name);
            if (find_mailbox(tx_, id, "INBOX") != inbox)
                find("account {} has no INBOX", id.value());
        }
        cursor names(tx_, table::address);
        for (bool more = names.first(); more; more = names.next()) {
            const auto owner = account_of_address(names.value());
            if (owner && !find_account_row(tx_, *owner))
                find("the address \"{}\" refers to no account", names.key());
        }
    }

    read_txn tx_;
    check_report report_;
    std::map<mailbox_key, recount> recounts_;
    std::unordered_map<blob_id, std::uint32_t> references_;
    std::map<std::uint32_t, std::uint64_t> live_;
    std::map<account_id, std::uint64_t> expunged_;
};

}  // namespace

check_report check_store(environment& env,
                         segment_files& files,
                         function_ref<void()> before_each_body) {
    auto report = checker(env).run();
    check_octets(
        env, files, [&](std::string finding) { add(report, std::move(finding)); },
        before_each_body);
    return report;
}

}  // namespace hauspost::storage
