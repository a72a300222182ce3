#include "tests/faults/picture.hpp"

#include "storage/audit_store.hpp"
#include "storage/ban_store.hpp"
#include "storage/forward_store.hpp"
#include "storage/owner_store.hpp"
#include "storage/secret_store.hpp"
#include "storage/sender_store.hpp"
#include "storage/setting_store.hpp"
#include "storage/sign_in_store.hpp"
#include "storage/tls_store.hpp"
#include "storage/trace_store.hpp"
#include "tests/storage/store_fixture.hpp"
#include "tests/support/visit_all.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <sstream>

namespace hauspost::storage::test {
namespace {

class painter {
public:
    painter(asio::io_context& io, const ports& store) : io_(io), store_(store) {}

    std::string run() {
        paint_directory();
        for (const auto& one : get(store_.directory.list_accounts("", SIZE_MAX)))
            paint_account(one);
        for (const std::string gone : {"c@example.test", "d@example.test"}) {
            const auto kept = get(store_.expunged.expunged(gone));
            line("kept of {}: {} messages, {} octets", gone, kept.messages, kept.octets);
        }
        for (const auto& item : get(store_.queue.list(queue_id(), std::size_t{1'000})).items)
            paint_item(item);
        for (const auto& one : get(store_.secrets.list("")))
            line("secret {} created={} octets={}", one.name, one.created_at, one.octets.reveal());
        if (const auto policy = get(store_.tls.find_policy("new")))
            line("policy {} id={} text={}", policy->domain, policy->id, policy->text);
        for (const auto& one : get(store_.tls.days_before(100, std::size_t{100})))
            line("sessions of {} on day {}", one.domain, one.day);
        paint_owner();
        paint_bans();
        for (const auto& one : get(store_.settings.list()))
            line("setting {} {}", one.name, one.value);
        for (const auto account : {account_id(1), account_id(2), account_id(3)})
            for (const auto& one : get(store_.sign_ins.find(account)))
                line("sign-in {} {} {} at={} networks={}", account.value(),
                     static_cast<int>(one.seen.door), one.seen.address, one.at,
                     one.networks.size());
        paint_forwards();
        paint_trace();
        return std::move(text_);
    }

private:
    template <class T>
    T get(awaitable<T> task) {
        return await(io_, std::move(task));
    }

    template <class... Args>
    void line(fmt::format_string<Args...> format, Args&&... args) {
        text_ += fmt::format(format, std::forward<Args>(args)...);
        text_ += '\n';
    }

    void paint_directory() {
        for (const auto& one : get(store_.directory.list_domains()))
            line("domain {} catch_all={} created={}", one.name, one.catch_all, one.created_at);
        for (const auto& one : get(store_.directory.list_aliases("", SIZE_MAX)))
            line("alias {} enabled={} targets={}", one.name, one.enabled,
                 fmt::join(one.targets, ","));
    }

    void paint_account(const account& one) {
        const auto usage = get(store_.directory.usages({one.id})).front();
        const auto quota = get(store_.mailboxes.quota(one.id));
        const auto kept = get(store_.expunged.expunged(one.name));
        line(
            "account {} {} \"{}\" hash={} active={} forwards={} keep={} sent={} note={} created={}",
            one.id.value(), one.name, one.display_name, one.password_hash, one.active,
            fmt::join(one.forwards, ","), one.keep_copy, one.files_sent, one.note, one.created_at);
        line(" usage {} {} quota {} {} expunged {} {}", usage.messages, usage.octets,
             quota ? quota->used : 0, quota ? quota->limit : 0, kept.messages, kept.octets);
        const auto subscribed = get(store_.mailboxes.subscriptions(one.id));
        line(" subscribed {}", fmt::join(*subscribed, ","));
        paint_sender(one.id);
        paint_annotations({one.id, mailbox_id()});
        const auto boxes = get(store_.mailboxes.list(one.id));
        for (const auto& box : *boxes)
            paint_mailbox({one.id, box.id}, box);
        const auto shared = get(store_.sharing.list_shared(one.id));
        for (const auto& box : *shared)
            line(" shared {} {} rights={:x}", box.owner_address, box.info.name, box.rights);
    }

    void paint_sender(account_id account) {
        const auto sends = get(store_.senders.find(account, {"y@else.test", "z@three.test"}));
        line(" sender new={} frozen={}", sends.new_recipients,
             sends.frozen ? static_cast<int>(sends.frozen->reason) : -1);
        for (const auto& hour : sends.hours)
            line("  hour {} messages={} recipients={} new={} unknown={}", hour.begins_at,
                 hour.messages, hour.recipients, hour.new_recipients, hour.unknown_recipients);
    }

    void paint_forwards() {
        for (const auto& one : get(store_.forwards.list("")))
            line("forward {} to {} refusals={} since={} last={} suspended={} reply={}", one.way.by,
                 one.way.target, one.refusals, one.since, one.last, one.suspended_at, one.reply);
        for (const auto account : get(store_.senders.untold()))
            line("untold {}", account.value());
    }

    void paint_bans() {
        auto all = get(store_.bans.list());
        std::ranges::sort(all, {}, &ban::name);
        for (const auto& one : all)
            line("ban {} \"{}\" \"{}\" begun={} ends={} times={}", static_cast<int>(one.name.of),
                 one.name.network, one.name.account, one.begun_at, one.ends_at, one.times);
    }

    void paint_annotations(mailbox_key box) {
        const auto all = get(store_.annotations.annotations(box, {"/private", "/shared"},
                                                            mail::metadata_depth::infinity));
        if (!all) return;
        for (const auto& one : *all)
            line("  annotation {}={}", one.entry, one.value);
    }

    void paint_mailbox(mailbox_key box, const mailbox_info& info) {
        const auto& now = info.counters;
        line(" mailbox {} \"{}\" use={} subscribed={} selectable={}", info.id.value(), info.name,
             static_cast<int>(info.use), info.subscribed, info.selectable);
        line(
            "  messages={} unseen={} deleted={} octets={} validity={} next={} modseq={} floor={} "
            "recent={} from {}",
            now.messages, now.unseen, now.deleted, now.octets, now.uid_validity.value(),
            now.uid_next.value(), now.highest_modseq.value(), now.vanished_floor.value(),
            now.recent, now.first_recent.value());
        paint_annotations(box);
        const auto rights = get(store_.sharing.grants(box));
        if (rights)
            for (const auto& one : *rights)
                line("  grant {} {:x}", one.identifier, one.rights);
        const auto words = get(store_.mailboxes.keywords(box));
        if (!words) return;
        line("  keywords {}", fmt::join(*words, ","));
        const auto gone = get(store_.mailboxes.vanished(box, modseq(0)));
        for (const auto& range : gone->ranges)
            line("  vanished {}:{}", range.first.value(), range.last.value());
        paint_messages(box);
    }

    void paint_messages(mailbox_key box) {
        std::vector<std::pair<std::string, blob_id>> all;
        const auto visit = [&](const message_view& one) {
            auto text = fmt::format(
                "  message {} flags={:x} modseq={} octets={} date={}/{} saved={} prefix={} "
                "summary={}",
                one.uid.value(), one.flags, one.modseq.value(), one.octets,
                one.internal_date.unix_seconds, one.internal_date.zone_minutes, one.save_date,
                one.prefix.size(), print_of(one.summary));
            all.emplace_back(std::move(text), one.blob);
            return true;
        };
        const auto failed =
            get(hauspost::test::visit_all(store_.mailboxes, box, walk_detail::rows, visit));
        if (failed) return line("  cannot be walked");
        for (const auto& [text, blob] : all)
            line("{} body={}", text, body_of(blob));
    }

    void paint_item(const queue_item& item) {
        std::string recipients;
        for (const auto& one : item.recipients)
            recipients += fmt::format("{}/{}/{}/{}/{}/{}/{}/{}/{} ", one.to, one.original,
                                      one.notify, one.attempts, one.due_at, one.held, one.frozen,
                                      one.lease != 0, one.last_reply);
        line("queue {} from={} to={} env={} ret={} utf8={} 8bit={} octets={} created={}",
             item.id.value(), item.reverse_path, recipients, item.envelope_id, item.ret,
             item.smtputf8, item.is_8bit, item.octets, item.created_at);
        line(" prefix={} body={}", item.prefix, body_of(item.blob));
    }

    void paint_owner() {
        const auto row = get(store_.owner.find_owner());
        line("owner hash={} key={} on={} step={} codes={}", row.password_hash,
             row.totp_key.reveal(), row.is_totp_on, row.totp_step, row.recovery_codes.size());
        if (const auto link = get(store_.owner.find_setup_link()))
            line("link {} until={}", to_hex(octets_of(link->digest)), link->expires_at);
        for (const auto& one : get(store_.owner.list_sessions()))
            line("session {} seen={} setup={}", to_hex(octets_of(one.key)), one.seen_at,
                 one.is_setup);
        const auto page = get(store_.audit.list(audit_query()));
        for (const auto& one : page->entries)
            line("audit {} {} end={} after={}", one.command, one.subject, static_cast<int>(one.end),
                 one.after);
    }

    /// But for what the background does, which comes when it comes.
    void paint_trace() {
        trace_query all;
        all.most = 1'000;
        const auto found = get(store_.trace.find(all));
        std::vector<std::string> lines;  // in any order: the clock stands still
        for (const auto& message : found->messages)
            for (const auto& step : message.steps)
                if (step.step != trace_step::purged && step.step != trace_step::steps_lost)
                    lines.push_back(fmt::format("trace {} {} {} to={} target={} by={}",
                                                static_cast<int>(step.step), step.id.value(),
                                                step.number, step.to, step.target, step.by));
        std::sort(lines.begin(), lines.end());
        // What was noted before a commit that failed is written with the next one, beside the same again.
        const auto noted = fmt::format("trace {} ", static_cast<int>(trace_step::refused));
        lines.erase(std::unique(lines.begin(), lines.end(),
                                [&noted](const auto& one, const auto& other) {
                                    return one == other && one.starts_with(noted);
                                }),
                    lines.end());
        for (const auto& one : lines)
            line("{}", one);
    }

    /// Length and a hash of the octets.
    std::string body_of(blob_id blob) {
        std::string all;
        for (;;) {
            std::string piece(1 << 20, '\0');
            const auto got = store_.blobs.read_here(blob, all.size(), piece);
            if (!got) return "gone";
            all.append(piece, 0, *got);
            if (*got < piece.size()) break;
        }
        return print_of(all);
    }

    static std::string print_of(std::string_view octets) {
        return fmt::format("{}/{:x}", octets.size(), std::hash<std::string_view>{}(octets));
    }

    asio::io_context& io_;
    const ports& store_;
    std::string text_;
};

}  // namespace

std::string picture(boost::asio::io_context& io, const ports& store) {
    return painter(io, store).run();
}

std::string difference(const std::string& expected, const std::string& seen) {
    if (expected == seen) return "none";
    std::istringstream a(expected), b(seen);
    std::string left, right, text;
    for (int told = 0; told < 4;) {
        const bool more_left = static_cast<bool>(std::getline(a, left));
        const bool more_right = static_cast<bool>(std::getline(b, right));
        if (!more_left && !more_right) break;
        if (!more_left) left = "(nothing)";
        if (!more_right) right = "(nothing)";
        if (left == right) continue;
        text += "\n  expected " + left + "\n  seen     " + right;
        ++told;
    }
    return text;
}

}  // namespace hauspost::storage::test
