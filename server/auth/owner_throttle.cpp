#include "server/auth/owner_throttle.hpp"

#include "base/peer_networks.hpp"

#include <algorithm>

namespace hauspost::auth {
namespace {

std::uint32_t free_tries_of(std::size_t network) {
    return static_cast<std::uint32_t>(limit_of_network(owner_throttle::free_tries, network));
}

/// After so many tries beyond those that are free; 1: the first.
std::chrono::seconds pause_after(std::uint32_t beyond) {
    constexpr std::uint32_t most_doublings = 6;  // longer than the longest pause
    const auto pause = owner_throttle::first_pause * (1u << std::min(beyond - 1, most_doublings));
    return std::min<std::chrono::seconds>(pause, owner_throttle::longest_pause);
}

}  // namespace

std::chrono::seconds owner_throttle::begin(const std::vector<digest>& networks, steady_time now) {
    const std::lock_guard lock(mutex_);
    steady_time::duration wait{};
    for (const auto& network : networks) {
        auto* seen = networks_.find(network);
        if (seen == nullptr) continue;
        if (now - seen->last >= forgotten_after) *seen = counter();
        wait = std::max(wait, seen->closed - now);
    }
    if (wait.count() > 0) return std::chrono::ceil<std::chrono::seconds>(wait);
    for (std::size_t n = 0; n < networks.size(); ++n) {
        auto& seen = networks_.at(networks[n]);
        seen.last = now;
        const auto allowed = free_tries_of(n);
        if (++seen.tries >= allowed) seen.closed = now + pause_after(seen.tries - allowed + 1);
    }
    return {};
}

bool owner_throttle::right(const std::vector<digest>& networks) {
    const std::lock_guard lock(mutex_);
    bool was_closed = false;
    for (std::size_t n = 0; n < networks.size(); ++n) {
        const auto* seen = networks_.find(networks[n]);
        // This try counts as a wrong one until here.
        if (seen != nullptr && seen->tries > free_tries_of(n)) was_closed = true;
        networks_.erase(networks[n]);
    }
    return was_closed;
}

std::vector<owner_throttle::pause> owner_throttle::pauses(const std::vector<digest>& networks,
                                                          steady_time now) {
    const std::lock_guard lock(mutex_);
    std::vector<pause> all;
    for (std::size_t n = 0; n < networks.size(); ++n) {
        const auto* seen = networks_.find(networks[n]);
        if (seen == nullptr || seen->closed <= now) continue;
        all.push_back(
            {n, seen->tries, std::chrono::ceil<std::chrono::seconds>(seen->closed - now)});
    }
    return all;
}

void owner_throttle::take_up(const digest& network, std::uint32_t tries, steady_time closed) {
    const std::lock_guard lock(mutex_);
    auto& seen = networks_.at(network);
    seen.tries = tries;
    seen.closed = closed;
    // The last try was at the beginning of the pause; the day that it is remembered for counts from its end.
    seen.last = closed;
}

void owner_throttle::lift(const digest& network) {
    const std::lock_guard lock(mutex_);
    networks_.erase(network);
}

void owner_throttle::take_back(const std::vector<digest>& networks) {
    const std::lock_guard lock(mutex_);
    for (std::size_t n = 0; n < networks.size(); ++n) {
        auto* seen = networks_.find(networks[n]);
        if (seen == nullptr || seen->tries == 0) continue;
        // The try that closed the door opens it again.
        if (seen->tries-- >= free_tries_of(n)) seen->closed = steady_time();
    }
}

std::uint32_t owner_throttle::tries_left(const std::vector<digest>& networks) {
    const std::lock_guard lock(mutex_);
    auto left = free_tries;
    for (std::size_t n = 0; n < networks.size(); ++n)
        if (const auto* seen = networks_.find(networks[n])) {
            const auto allowed = free_tries_of(n);
            left = std::min(left, seen->tries >= allowed ? 0 : allowed - seen->tries);
        }
    return left;
}

}  // namespace hauspost::auth
