#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::storage {

/// What is shut, and to whom. The first four are of mail, the others of the owner's page.
enum class ban_kind : std::uint8_t {
    network = 1,        // a network, but not those accounts that were used from it before
    account = 2,        // an account, but not networks that it was used from before
    pair = 3,           // an account, in a network that it was used from before
    ordered = 4,        // a network and all accounts, since an administrator wants it
    owner_network = 5,  // a network from which the owner never signed in
    owner_account = 6,  // all networks from which the owner never signed in
    owner_pair = 7,     // a network from which he did
    owner_pause = 8     // a network, after a few wrong tries
};
inline constexpr ban_kind last_ban_kind = ban_kind::owner_pause;

/// Which ban it is.
struct ban_name {
    ban_name() = default;
    ban_name(ban_kind what, std::string of_network, std::string of_account)
        : of(what), network(std::move(of_network)), account(std::move(of_account)) {}

    ban_kind of = ban_kind::network;
    std::string network;  // as to_text(peer_network); empty: all
    std::string account;  // a canonical address; empty: all, or the owner
    friend auto operator<=>(const ban_name&, const ban_name&) = default;
};

/// Somebody who may not try to sign in for a time.
struct ban {
    static constexpr std::size_t max_network_octets = 64;
    static constexpr std::size_t max_account_octets = 320;
    static constexpr std::size_t max_tried = 5;
    static constexpr std::size_t max_tried_octets = 100;

    ban() = default;
    ban_name name;
    std::int64_t begun_at = 0;       // Unix seconds, as the next one
    std::int64_t ends_at = 0;        // from then on it is over
    std::uint32_t passwords = 0;     // different wrong ones that led to it; of owner_pause: tries
    std::uint32_t times = 1;         // which one it is in a row, with less than a day between two
    std::vector<std::string> tried;  // the first few accounts that were tried, canonical
};

}  // namespace hauspost::storage
