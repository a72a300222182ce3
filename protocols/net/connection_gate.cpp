#include "protocols/net/connection_gate.hpp"

#include <sys/resource.h>

#include <algorithm>

namespace hauspost::net {
namespace {

asio::ip::address without_mapping(const asio::ip::address& from) {
    if (!from.is_v6() || !from.to_v6().is_v4_mapped()) return from;
    return asio::ip::make_address_v4(asio::ip::v4_mapped, from.to_v6());
}

}  // namespace

std::size_t connections_for_open_files(std::size_t wanted, std::size_t reserve) {
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return wanted;
    if (files.rlim_cur < files.rlim_max) {
        rlimit raised = files;
        raised.rlim_cur = files.rlim_max;
        if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) files = raised;
    }
    const rlim_t kept = std::min<rlim_t>(reserve, files.rlim_cur / 2);
    return std::clamp<rlim_t>(files.rlim_cur - kept, 1, std::max<rlim_t>(wanted, 1));
}

connection_gate::connection_gate(gate_limits limits) : limits_(limits) {}

bool connection_gate::is_exempt(const asio::ip::address& from) const {
    return limits_.exempt_loopback && without_mapping(from).is_loopback();
}

connection_gate::verdict connection_gate::admit(const asio::ip::address& from, steady_time now) {
    const std::lock_guard lock(mutex_);
    const bool full = limits_.max_connections != 0 && open_ >= limits_.max_connections;
    if (is_exempt(from)) {
        if (full) return verdict::too_many;
        ++open_;
        return verdict::admitted;
    }
    const peer_networks networks(from);
    auto found = count(networks, now);
    if (found == verdict::admitted && full) found = verdict::too_many;
    if (found == verdict::admitted) {
        for (const auto& network : networks) {
            entry& known = table_.at(network);
            if (known.open++ == 0) idle_.erase(known.idle_at);
        }
        ++open_;
    }
    forget_oldest();
    return found;
}

/// From the narrowest on, up to the first that refuses.
connection_gate::verdict connection_gate::count(const peer_networks& networks, steady_time now) {
    for (std::size_t n = 0; n < networks.size(); ++n) {
        entry& known = find_or_add(networks.begin()[n], now);
        if (now - known.window_began_at >= rate_window) {
            known.window_began_at = now;
            known.in_window = 0;
        }
        ++known.in_window;
        if (limits_.max_new_per_minute != 0 &&
            known.in_window > limit_of_network(limits_.max_new_per_minute, n))
            return verdict::too_fast;
        if (limits_.max_per_address != 0 &&
            known.open >= limit_of_network(limits_.max_per_address, n))
            return verdict::too_many_from_address;
    }
    return verdict::admitted;
}

connection_gate::entry& connection_gate::find_or_add(const peer_network& key, steady_time now) {
    const auto [at, is_new] = table_.try_emplace(key);
    entry& known = at->second;
    if (is_new) {
        known.window_began_at = now;
        known.idle_at = idle_.insert(idle_.end(), key);
    }
    return known;
}

/// The newest stand last, so they are not the ones to go.
void connection_gate::forget_oldest() {
    while (idle_.size() > std::max<std::size_t>(1, limits_.max_remembered)) {
        table_.erase(idle_.front());
        idle_.pop_front();
    }
}

void connection_gate::release(const asio::ip::address& from) noexcept {
    const std::lock_guard lock(mutex_);
    --open_;
    if (is_exempt(from)) return;
    for (const auto& network : peer_networks(from)) {
        const auto at = table_.find(network);
        if (at != table_.end() && --at->second.open == 0)
            at->second.idle_at = idle_.insert(idle_.end(), network);
    }
    forget_oldest();
}

bool connection_gate::is_stressed() const noexcept {
    return limits_.max_connections != 0 && open_ * 100 > limits_.max_connections * stress_percent;
}

std::size_t connection_gate::remembered() const {
    const std::lock_guard lock(mutex_);
    return table_.size();
}

}  // namespace hauspost::net
