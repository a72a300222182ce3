#pragma once

#include "base/clock.hpp"
#include "server/auth/keyed_digest.hpp"
#include "server/auth/lru_table.hpp"

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::auth {

struct lockout_settings {
    std::uint32_t wrong_per_network = 10;  // distinct ones; 0: not counted
    std::uint32_t wrong_per_account = 50;
    std::chrono::seconds window{std::chrono::minutes(10)};
    std::chrono::seconds ban{std::chrono::minutes(10)};  // 0: nobody is ever refused
    std::size_t max_entries = 100'000;                   // of each table
};

/// Who tries: digests, so that neither names nor passwords stand in the tables.
struct attempt {
    digest network;
    digest account;   // of the canonical name, whether there is such an account or not
    digest pair;      // of both
    digest password;  // of name and password
};

enum class new_ban : std::uint8_t { none, network, account };

/// The network that one person most likely has for himself: an IPv4 address, or the /64 of an IPv6
/// address. An IPv4-mapped address counts as IPv4. What is no address is taken as it is.
[[nodiscard]] std::string network_of(std::string_view peer_address);

/// Counts distinct wrong passwords per network and per account, and says who has to wait. Asked
/// before a hash is computed. A stale device with one wrong password counts once; somebody who
/// tries an account from everywhere locks out strangers, not the networks the account was used
/// from. Thread: any.
class lockout {
public:
    explicit lockout(const lockout_settings& settings);

    [[nodiscard]] bool may_try(const attempt& who, steady_time now);
    /// The password was wrong. Tells whether this one was the last that was allowed.
    new_ban wrong(const attempt& who, steady_time now);
    /// The password was right: the account's strangers do not count for this network any more.
    void right(const attempt& who);

private:
    struct counter {
        steady_time since;
        steady_time banned_until;
        std::vector<std::uint64_t> passwords;  // digests of distinct wrong ones, at most the limit
    };
    bool is_banned(lru_table<counter>& table, const digest& key, steady_time now);
    bool count(lru_table<counter>& table,
               const digest& key,
               std::uint32_t limit,
               const digest& password,
               steady_time now);

    const lockout_settings settings_;
    std::mutex mutex_;
    lru_table<counter> networks_;
    lru_table<counter> accounts_;
    lru_table<bool> known_good_;  // pairs
};

}  // namespace hauspost::auth
