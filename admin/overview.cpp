#include "admin/overview.hpp"

#include "admin/dns_watch.hpp"
#include "storage/audit_store.hpp"
#include "storage/directory_store.hpp"
#include "storage/owner_store.hpp"
#include "storage/queue_item.hpp"
#include "storage/sender_store.hpp"
#include "storage/traffic_store.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace hauspost::admin {
namespace {

constexpr std::int64_t day_seconds = 24 * 3600;
constexpr std::int64_t old_seconds = 4 * 3600;
constexpr std::uint64_t full_percent = 99;   // what comes does not fit any more
constexpr std::size_t most_looked_at = 200;  // messages of the queue, the oldest

using level = alarm::level;

void judge_disk(overview& all, const machine_figures& of) {
    const bool is_bad = of.is_disk_full || of.free_octets < of.disk_octets / 20;
    if (!is_bad && of.free_octets >= of.disk_octets / 100 * 15) return;
    auto& made = all.alarms.emplace_back(alarm::kind::disk, is_bad ? level::bad : level::warn);
    made.number = of.free_octets;
}

void judge_certificate(overview& all, const machine_figures& of) {
    if (!of.certificate_ends_at) return;
    const auto left = *of.certificate_ends_at - all.at;
    if (left >= 21 * day_seconds) return;
    auto& made = all.alarms.emplace_back(alarm::kind::certificate,
                                         left < 7 * day_seconds ? level::bad : level::warn);
    made.number = static_cast<std::uint64_t>(std::max<std::int64_t>(0, left) / day_seconds);
}

bool is_old(const storage::queue_item& one, std::int64_t now) {
    return one.begins_at() + old_seconds < now;
}

awaitable<void> judge_queue(ports& at, overview& all) {
    const auto oldest = co_await at.queue.list(queue_id(), most_looked_at);
    const auto count = std::count_if(oldest.items.begin(), oldest.items.end(),
                                     [&all](const auto& one) { return is_old(one, all.at); });
    if (count == 0) co_return;
    auto& made = all.alarms.emplace_back(alarm::kind::queue_old, level::warn);
    made.number = static_cast<std::uint64_t>(count);
}

/// What somebody, or a program of his, has deleted within a day. Not what a program took that keeps
/// its mail itself, by POP3, nor what the owner himself took back.
awaitable<void> judge_deletions(ports& at, overview& all) {
    const auto found = co_await at.expunged.mass_deletions(all.at - day_seconds);
    if (!found) co_return;  // too much work waits for its turn: the next look says it
    for (const auto& one : *found) {
        if (one.by.door == storage::trace_door::pop3 ||
            one.by.door == storage::trace_door::administrator)
            continue;
        auto& made = all.alarms.emplace_back(alarm::kind::mass_deletion, level::warn);
        made.subject = one.address;
        made.other = one.by.program;
        made.number = one.messages;
        made.since = one.since;
        made.until = one.until;
    }
}

/// Accounts that write to many who are not there, and so may not send any more; and full ones.
awaitable<void> judge_accounts(ports& at, overview& all) {
    const auto found = co_await at.overview.troubles();
    for (const auto account : found.hijacked) {
        const auto row = co_await at.directory.find_account(account);
        std::vector<storage::mail_address> nobody;
        const auto state = co_await at.senders.find(account, std::move(nobody));
        if (!row || !state.frozen) continue;
        auto& made = all.alarms.emplace_back(alarm::kind::account_spamming, level::bad);
        made.subject = row->name;
        made.since = state.frozen->since;
    }
    for (const auto& one : found.nearly_full) {
        const auto percent = static_cast<std::uint64_t>(100.0 * static_cast<double>(one.octets) /
                                                        static_cast<double>(one.quota_octets));
        auto& made = all.alarms.emplace_back(alarm::kind::account_full,
                                             percent < full_percent ? level::warn : level::bad);
        made.subject = one.name;
        made.number = percent;
    }
}

void judge_dns(const ports& at, overview& all) {
    for (const auto& one : at.dns->all()) {
        auto& made = all.alarms.emplace_back(alarm::kind::dns_changed, level::warn);
        made.subject = one.domain;
        for (const auto& kind : one.kinds)
            made.other += (made.other.empty() ? "" : ", ") + kind;
        made.number = one.count;
        made.since = one.right_at;
    }
}

awaitable<void> judge_forwards(ports& at, overview& all) {
    std::string everybody;
    const auto known = co_await at.forwards.list(std::move(everybody));
    std::uint64_t count = 0;
    const storage::forward_state* first = nullptr;
    for (const auto& one : known) {
        if (!one.is_suspended()) continue;
        if (count++ == 0) first = &one;
    }
    if (first == nullptr) co_return;
    auto& made = all.alarms.emplace_back(alarm::kind::forward_suspended, level::warn);
    made.subject = first->way.by;
    made.other = first->way.target;
    made.number = count;
}

}  // namespace

awaitable<overview> look_over(ports& at, std::int64_t since) {
    overview all;
    all.at = std::chrono::system_clock::to_time_t(at.time.now());
    all.sends_mail = at.sends_mail;
    all.hours = co_await at.traffic.read(all.at - 31 * day_seconds);
    for (const auto& one : all.hours)
        if (one.begins_at >= since) all.today += one.passed;
    all.waiting = (co_await at.queue.figures()).messages;
    all.has_domain = !(co_await at.directory.list_domains()).empty();
    std::string from_the_first;
    all.has_account = !(co_await at.directory.list_accounts(std::move(from_the_first), 1)).empty();
    all.machine = co_await at.store.look();
    storage::audit_query newest;
    newest.most = 1;
    auto changes = co_await at.audit.list(std::move(newest));
    if (changes && !changes->entries.empty()) all.last_change = std::move(changes->entries.front());
    if (all.machine) judge_disk(all, *all.machine);
    if (all.machine) judge_certificate(all, *all.machine);
    co_await judge_accounts(at, all);
    judge_dns(at, all);
    co_await judge_queue(at, all);
    co_await judge_deletions(at, all);
    co_await judge_forwards(at, all);
    if (!(co_await at.owner.find_owner()).is_totp_on)
        all.alarms.emplace_back(alarm::kind::no_second_factor, level::info);
    std::stable_sort(all.alarms.begin(), all.alarms.end(),
                     [](const auto& a, const auto& b) { return a.how_bad < b.how_bad; });
    co_return all;
}

}  // namespace hauspost::admin
