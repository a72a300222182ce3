#include "server/outbound/destination_rates.hpp"

#include <algorithm>

namespace hauspost::outbound {
namespace {

constexpr std::int64_t minute_seconds = 60;

}  // namespace

std::size_t destination_rates::limit_of(const std::string& domain) const {
    const auto named = settings_.of_domain.find(domain);
    return named != settings_.of_domain.end() ? named->second : settings_.per_minute;
}

std::size_t destination_rates::room_of(const std::string& domain,
                                       const std::deque<part>& sent) const {
    std::size_t messages = 0;
    for (const auto& one : sent)
        messages += one.messages;
    return limit_of(domain) - std::min(limit_of(domain), messages);
}

void destination_rates::note(const std::string& domain, std::size_t messages, std::int64_t now) {
    // Reports have no domain.
    if (domain.empty() || limit_of(domain) == 0) return;
    auto& sent = sent_[domain];
    if (!sent.empty() && sent.back().at == now)
        sent.back().messages += messages;
    else
        sent.push_back({now, messages});
}

/// The clock may have been set back: what lies ahead is taken for old as well.
void destination_rates::drop_old(std::int64_t now) {
    const auto is_old = [now](const part& one) {
        return one.at > now || now - one.at >= minute_seconds;
    };
    for (auto& [domain, sent] : sent_)
        std::erase_if(sent, is_old);
    std::erase_if(sent_, [](const auto& one) { return one.second.empty(); });
}

void destination_rates::limit(storage::claim_request& wanted) {
    drop_old(wanted.now);
    if (settings_.per_minute > 0) wanted.most_messages = settings_.per_minute;
    for (const auto& [domain, most] : settings_.of_domain)
        wanted.most_messages_of[domain] = most > 0 ? most : SIZE_MAX;
    for (const auto& [domain, sent] : sent_) {
        const auto room = room_of(domain, sent);
        if (room == 0)
            wanted.busy.push_back(domain);
        else
            wanted.most_messages_of[domain] = room;
    }
}

std::optional<std::int64_t> destination_rates::next_room() const {
    std::optional<std::int64_t> soonest;
    for (const auto& [domain, sent] : sent_) {
        if (sent.empty() || room_of(domain, sent) > 0) continue;
        const auto then = sent.front().at + minute_seconds;
        soonest = std::min(then, soonest.value_or(then));
    }
    return soonest;
}

}  // namespace hauspost::outbound
