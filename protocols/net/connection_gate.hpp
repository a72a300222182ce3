#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "base/peer_networks.hpp"

#include <boost/asio/ip/address.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <mutex>

namespace hauspost::net {

/// Who may connect: [limits] in conf/hauspost.toml. 0 switches a limit off.
struct gate_limits {
    std::size_t max_connections = 20'000;  // in all; see connections_for_open_files
    /// Of an IPv4 address or an IPv6 /64 at the same time; three times as many of a /56, nine times
    /// as many of a /48 (peer_networks).
    std::size_t max_per_address = 30;
    std::size_t max_new_per_minute = 120;  // the same
    bool exempt_loopback = true;           // of the limits per address
    std::size_t max_remembered = 65'536;   // networks without connections; the oldest is forgotten
};

/// How many connections are possible: `wanted`, or less when the process may not open so many
/// files. Raises the soft limit of open files to the hard one.
///
/// reserve  descriptors that are left for the store and the log (H02): its segment files, and one
///          for each large message that is coming in; at most half of what there is
[[nodiscard]] std::size_t connections_for_open_files(std::size_t wanted,
                                                     std::size_t reserve = 1024);

/// Counts connections, for all listeners together. Thread: any.
class connection_gate {
public:
    enum class verdict { admitted, too_many, too_many_from_address, too_fast };

    /// Over this share of the slots sessions shorten their limits.
    static constexpr std::size_t stress_percent = 80;
    static constexpr std::chrono::minutes rate_window{1};

    explicit connection_gate(gate_limits limits);
    connection_gate(const connection_gate&) = delete;
    connection_gate& operator=(const connection_gate&) = delete;

    /// Counts one connection when it is admitted; then release(from) must follow at its end. One
    /// that is refused counts for the rate only; for that of a wider network only when the narrower
    /// one would have let it in, so that nobody shuts out his neighbours.
    verdict admit(const asio::ip::address& from, steady_time now);
    void release(const asio::ip::address& from) noexcept;

    /// The server is nearly full: time limits and error budgets shrink (Postfix's stress mode).
    [[nodiscard]] bool is_stressed() const noexcept;
    [[nodiscard]] std::size_t open() const noexcept { return open_; }
    /// Networks in the table, for tests and metrics.
    [[nodiscard]] std::size_t remembered() const;

private:
    struct entry {
        std::size_t open = 0;
        std::size_t in_window = 0;
        steady_time window_began_at;
        std::list<peer_network>::iterator idle_at;  // valid while open is 0
    };
    using table = std::map<peer_network, entry>;  // ordered: no key can make it slow (H04)

    [[nodiscard]] bool is_exempt(const asio::ip::address& from) const;
    verdict count(const peer_networks& networks, steady_time now);
    entry& find_or_add(const peer_network& key, steady_time now);
    void forget_oldest();

    const gate_limits limits_;
    mutable std::mutex mutex_;
    std::atomic<std::size_t> open_{0};
    table table_;
    std::list<peer_network> idle_;  // networks without connections, longest first
};

}  // namespace hauspost::net
