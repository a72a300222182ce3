#pragma once

#include "base/ids.hpp"
#include "storage/trace_event.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::storage {

/// A network from which an account was used.
struct used_network {
    used_network() = default;
    used_network(std::string text, std::int64_t seen) : network(std::move(text)), at(seen) {}

    std::string network;  // as to_text(peer_network)
    std::int64_t at = 0;  // Unix seconds, the last time
    friend bool operator==(const used_network&, const used_network&) = default;
};

/// Somebody who was let in to an account's mail. Texts are of one line and short: people look at them.
struct sign_in {
    static constexpr std::size_t max_address_octets = 64;
    static constexpr std::size_t max_program_octets = 100;

    sign_in() = default;
    account_id account;
    trace_door door = trace_door::none;  // submission, imap or pop3
    std::string address;                 // of the client
    std::string network;  // the narrowest that it stands in, as to_text(peer_network)
    std::string program;  // what it calls itself; "": it does not say
    bool is_encrypted = false;
    friend bool operator==(const sign_in&, const sign_in&) = default;
};

/// The last one of an account by one door.
struct last_sign_in {
    static constexpr std::size_t max_networks = 8;
    static constexpr std::int64_t networks_kept_seconds = std::int64_t{90} * 24 * 3600;

    last_sign_in() = default;
    sign_in seen;                        // without its network
    std::int64_t at = 0;                 // Unix seconds, within a few minutes
    std::vector<used_network> networks;  // those of late, the last one first
};

}  // namespace hauspost::storage
