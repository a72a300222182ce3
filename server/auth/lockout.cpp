#include "server/auth/lockout.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <algorithm>
#include <cstring>

namespace hauspost::auth {
namespace {

constexpr unsigned short home_network_bits = 64;  // RFC 6177 2: no site gets less

std::uint64_t head_of(const digest& password) {
    std::uint64_t head;
    std::memcpy(&head, password.data(), sizeof(head));
    return head;
}

}  // namespace

std::string network_of(std::string_view peer_address) {
    namespace ip = boost::asio::ip;
    boost::system::error_code wrong;
    const auto address = ip::make_address(std::string(peer_address), wrong);
    if (wrong || address.is_v4()) return std::string(peer_address);
    const auto v6 = address.to_v6();
    if (v6.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, v6).to_string();
    return ip::make_network_v6(ip::address_v6(v6.to_bytes()), home_network_bits)
        .canonical()
        .to_string();
}

lockout::lockout(const lockout_settings& settings)
    : settings_(settings),
      networks_(settings.max_entries),
      accounts_(settings.max_entries),
      known_good_(settings.max_entries) {}

bool lockout::may_try(const attempt& who, steady_time now) {
    if (settings_.ban.count() == 0) return true;
    const std::lock_guard lock(mutex_);
    if (is_banned(networks_, who.network, now)) return false;
    return !is_banned(accounts_, who.account, now) || known_good_.find(who.pair) != nullptr;
}

new_ban lockout::wrong(const attempt& who, steady_time now) {
    if (settings_.ban.count() == 0) return new_ban::none;
    const std::lock_guard lock(mutex_);
    const bool network =
        count(networks_, who.network, settings_.wrong_per_network, who.password, now);
    const bool account =
        count(accounts_, who.account, settings_.wrong_per_account, who.password, now);
    if (network) return new_ban::network;
    return account ? new_ban::account : new_ban::none;
}

void lockout::right(const attempt& who) {
    const std::lock_guard lock(mutex_);
    known_good_.at(who.pair) = true;
}

bool lockout::is_banned(lru_table<counter>& table, const digest& key, steady_time now) {
    const auto* seen = table.find(key);
    return seen != nullptr && now < seen->banned_until;
}

bool lockout::count(lru_table<counter>& table,
                    const digest& key,
                    std::uint32_t limit,
                    const digest& password,
                    steady_time now) {
    if (limit == 0) return false;
    auto& seen = table.at(key);
    if (seen.passwords.empty() || now - seen.since >= settings_.window) {
        seen.since = now;
        seen.passwords.clear();
    }
    const auto head = head_of(password);
    if (std::find(seen.passwords.begin(), seen.passwords.end(), head) != seen.passwords.end())
        return false;
    seen.passwords.push_back(head);
    if (seen.passwords.size() < limit) return false;
    seen.banned_until = now + settings_.ban;
    seen.passwords = {};
    return true;
}

}  // namespace hauspost::auth
