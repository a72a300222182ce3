#include "admin/dns_watch.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <utility>

namespace hauspost::admin {
namespace {

using state = checked_record::state;

// A commit for each record that is right would be too many: once a day is enough.
constexpr std::int64_t noted_apart = 24 * 3600;

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> text_kinds{{
    {"\"v=spf1", "SPF"},
    {"\"v=DKIM1", "DKIM"},
    {"\"v=DMARC1", "DMARC"},
    {"\"v=TLSRPTv1", "TLSRPT"},
    {"\"v=STSv1", "MTA-STS"},
}};

std::string name_in_store(const dns_record& of) {
    return of.name + ' ' + of.type + ' ' + kind_of_record(of);
}

bool is_wrong(const checked_record& one) {
    return one.how == state::missing || one.how == state::other;
}

}  // namespace

std::shared_ptr<dns_watch> make_dns_watch() {
    return std::make_shared<dns_watch>();
}

void dns_watch::put(changed_records found) {
    const std::lock_guard lock(mutex_);
    auto name = found.domain;
    found_[std::move(name)] = std::move(found);
}

void dns_watch::forget(const std::string& domain) {
    const std::lock_guard lock(mutex_);
    found_.erase(domain);
}

std::vector<changed_records> dns_watch::all() const {
    const std::lock_guard lock(mutex_);
    std::vector<changed_records> some;
    for (const auto& [name, one] : found_)
        if (one.count != 0) some.push_back(one);
    return some;
}

std::string kind_of_record(const dns_record& of) {
    for (const auto& [begin, kind] : text_kinds)
        if (of.type == "TXT" && of.value.starts_with(begin)) return std::string(kind);
    return of.type;
}

awaitable<void> note_checked(ports& at, checked_domain seen) {
    // A DNS that does not answer says nothing of what is right, nor of what is wrong.
    if (std::ranges::any_of(seen.records, [](const auto& one) {
            return one.how == state::unknown && one.wanted.note.empty();
        }))
        co_return;
    const auto now = std::chrono::system_clock::to_time_t(at.time.now());
    std::vector<std::string> names;
    for (const auto& one : seen.records)
        names.push_back(name_in_store(one.wanted));
    auto asked = names;
    auto domain = seen.domain;
    const auto right = co_await at.overview.records_right(std::move(domain), std::move(asked));
    changed_records changed;
    changed.domain = seen.domain;
    std::vector<std::string> fresh;
    for (std::size_t n = 0; n < seen.records.size(); ++n) {
        const auto& one = seen.records[n];
        const bool is_noted = right[n] != 0 && now - right[n] < noted_apart;
        if (one.how == state::right && !is_noted) fresh.push_back(std::move(names[n]));
        if (!is_wrong(one) || right[n] == 0) continue;
        ++changed.count;
        if (changed.right_at == 0 || right[n] < changed.right_at) changed.right_at = right[n];
        auto kind = kind_of_record(one.wanted);
        if (std::ranges::find(changed.kinds, kind) == changed.kinds.end())
            changed.kinds.push_back(std::move(kind));
    }
    at.dns->put(std::move(changed));
    // Refused where the store is busy, or the domain has just gone: the next look says it.
    if (!fresh.empty())
        (void)co_await at.overview.note_records_right(std::move(seen.domain), std::move(fresh));
}

}  // namespace hauspost::admin
