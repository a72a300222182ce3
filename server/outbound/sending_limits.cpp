#include "server/outbound/sending_limits.hpp"

#include "base/address.hpp"
#include "server/delivery/routing.hpp"

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace hauspost::outbound {
namespace {

constexpr std::size_t max_login_octets = 150;  // RFC 5321 4.5.3.1.5: a reply line has 512

/// "2026-11-29 18:00 UTC"
std::string time_text(std::int64_t unix_seconds) {
    using namespace std::chrono;
    const sys_seconds at{seconds(unix_seconds)};
    const auto midnight = floor<days>(at);
    const year_month_day date(midnight);
    const hh_mm_ss time(at - midnight);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02} UTC", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       time.hours().count(), time.minutes().count());
}

std::string shown_login(const std::string& login) {
    return address::in_ascii(login).substr(0, max_login_octets);
}

struct limit_words {
    std::string_view counted;
    std::string_view item;  // of the configuration
};

limit_words words_of(storage::sending_limit which) {
    using enum storage::sending_limit;
    switch (which) {
    case messages_per_hour: return {"messages in an hour", "messages_per_hour"};
    case messages_per_day: return {"messages in 24 hours", "messages_per_day"};
    case recipients_per_hour: return {"recipients in an hour", "recipients_per_hour"};
    case recipients_per_day: return {"recipients in 24 hours", "recipients_per_day"};
    case new_recipients_per_day: break;
    }
    return {"recipients to whom it has not written before in 24 hours", "new_recipients_per_day"};
}

std::string words_for(const storage::reached_limit& limit, const std::string& login) {
    const auto words = words_of(limit.which);
    const auto when = limit.opens_at == 0 ? std::string("send this message to fewer at once")
                                          : "there is room again at " + time_text(limit.opens_at);
    return fmt::format("{} may send to {} {}; {}; the server's owner can change that (sending.{})",
                       shown_login(login), limit.most, words.counted, when, words.item);
}

std::string words_for(const storage::frozen_sender& frozen, const std::string& login) {
    const std::string_view why =
        frozen.reason == storage::freeze_reason::unknown_recipients
            ? ", since it looks as if somebody else uses it: change its password"
            : "";
    return fmt::format(
        "sending is frozen for {} since {}{}; the server's owner can lift that (account unfreeze)",
        shown_login(login), time_text(frozen.since), why);
}

storage::sent_hour figures_of(const storage::submission& wanted, std::uint32_t fresh) {
    storage::sent_hour adding;
    adding.messages = 1;
    adding.recipients = wanted.recipients;
    adding.new_recipients = fresh;
    return adding;
}

}  // namespace

void sending_limits::set(const sending_settings& settings) {
    const std::lock_guard lock(mutex_);
    settings_ = settings;
}

sending_settings sending_limits::settings() const {
    const std::lock_guard lock(mutex_);
    return settings_;
}

awaitable<storage::submission> sending_limits::count(
    std::shared_ptr<const smtp::envelope> envelope) {
    storage::submission made;
    made.account = envelope->submitter.account;
    if (!made.account) co_return made;
    made.limits = settings().limits;
    made.recipients = static_cast<std::uint32_t>(envelope->recipients.size());
    std::map<std::string, bool, std::less<>> is_ours;  // by domain
    std::unordered_set<std::string> seen;
    for (const auto& recipient : envelope->recipients) {
        auto name = delivery::canonical_address(recipient.address);
        std::string domain(address::domain_of(name));
        if (domain.empty()) continue;  // our postmaster
        auto known = is_ours.find(domain);
        if (known == is_ours.end()) {
            auto copy = domain;
            const auto found = co_await directory_.find_domain(std::move(copy));
            known = is_ours.emplace(std::move(domain), found.has_value()).first;
        }
        if (!known->second && seen.insert(name).second) made.outside.push_back(std::move(name));
    }
    co_return made;
}

awaitable<std::optional<refused_submission>> sending_limits::find_refusal(
    storage::submission wanted, std::string login) {
    if (!wanted.account) co_return std::nullopt;
    auto outside = wanted.outside;
    const auto state = co_await senders_.find(wanted.account, std::move(outside));
    refused_submission refused;
    if (state.frozen) {
        refused.is_frozen = true;
        refused.why = words_for(*state.frozen, login);
        co_return refused;
    }
    const auto now = std::chrono::system_clock::to_time_t(time_.now());
    const auto reached = storage::find_reached(wanted.limits, state.hours,
                                               figures_of(wanted, state.new_recipients), now);
    if (!reached) co_return std::nullopt;
    refused.why = words_for(*reached, login);
    co_return refused;
}

awaitable<std::string> sending_limits::explain(storage::submission refused, std::string login) {
    auto asking = find_refusal(std::move(refused), std::move(login));
    auto found = co_await std::move(asking);
    co_return found ? std::move(found->why) : std::string();
}

}  // namespace hauspost::outbound
