#include "server/outbound/running_deliveries.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace hauspost::outbound {
namespace {

// Longer than a server that is well takes to say hello.
constexpr std::chrono::seconds until_unheard_waits{1};
// And one that has said it takes for a message; a slow line may take longer, and loses nothing by it.
constexpr std::chrono::seconds until_heard_waits{10};
// For each place, those that wait beside it: a socket and some 50 KB each.
constexpr std::size_t waiting_for_a_place = 4;

std::size_t left_of(std::size_t most, std::size_t taken) {
    return most - std::min(most, taken);
}

}  // namespace

running_deliveries::place running_deliveries::begin(const std::string& domain,
                                                    bool is_new,
                                                    steady_time now) {
    one made;
    made.domain = domain;
    made.is_new = is_new;
    made.heard_at = now;
    ++by_domain_[domain].count;
    return all_.insert(all_.end(), std::move(made));
}

bool running_deliveries::hear(place at, steady_time now) {
    at->is_heard = true;
    at->heard_at = now;
    auto& domain = by_domain_.at(at->domain);
    return !std::exchange(domain.is_heard, true);
}

void running_deliveries::end(place at) {
    const auto domain = by_domain_.find(at->domain);
    if (--domain->second.count == 0) by_domain_.erase(domain);
    all_.erase(at);
}

bool running_deliveries::waits(const one& which, steady_time now) const {
    if (settings_.has_relay_alone() || which.domain.empty()) return false;
    if (which.is_heard) return now - which.heard_at >= until_heard_waits;
    return !which.is_new || now - which.heard_at >= until_unheard_waits;
}

std::size_t running_deliveries::room(steady_time now) const {
    const auto waiting = static_cast<std::size_t>(
        std::ranges::count_if(all_, [&](const auto& which) { return waits(which, now); }));
    return std::min(left_of(settings_.max_deliveries, all_.size() - waiting),
                    left_of(settings_.max_deliveries * waiting_for_a_place, waiting));
}

std::vector<std::string> running_deliveries::busy() const {
    std::vector<std::string> found;
    for (const auto& [domain, of] : by_domain_) {
        const bool may_have_more = of.is_heard || settings_.has_relay_alone() || domain.empty();
        const auto most = may_have_more ? settings_.max_deliveries_of_domain : 1;
        if (of.count >= most) found.push_back(domain);
    }
    return found;
}

}  // namespace hauspost::outbound
