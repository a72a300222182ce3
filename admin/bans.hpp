#pragma once

#include "admin/caller.hpp"
#include "admin/page.hpp"
#include "admin/ports.hpp"
#include "admin/refusal.hpp"
#include "storage/ban.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::admin {

// Use cases on who may not try to sign in for a time.

inline constexpr std::chrono::seconds longest_ban{std::chrono::hours(24) * 366};
inline constexpr std::chrono::seconds usual_ban{std::chrono::hours(24)};

struct listed_ban {
    listed_ban() = default;
    storage::ban row;
    bool is_own = false;  // of the network from which the list is asked for
};

/// Those that hold, the latest first, max_page of them at most: the filter finds others.
/// who     who asks
/// filter  of networks and accounts
awaitable<page<listed_ban>> list_bans(ports& at, caller who, std::string filter);

struct lifted_bans {
    lifted_bans() = default;
    std::string name;  // as it was found
    std::uint64_t bans = 0;
};

/// Whoever was shut out may try again at once.
/// typed  a network; an address in it, or of an account; "owner": what shuts everybody from his page
awaitable<outcome<lifted_bans>> lift_bans(ports& at, std::string typed);

/// Nobody signs in for mail from there for a time, whoever he is; the owner's page stays open.
/// typed  an address, or an IPv6 network of 64, 56 or 48 bits
/// lasts  nullopt: usual_ban
awaitable<outcome<storage::ban>> add_ban(ports& at,
                                         std::string typed,
                                         std::optional<std::uint64_t> lasts);

/// Those that lift_bans would lift.
awaitable<std::vector<storage::ban>> find_bans(ports& at, std::string typed);

}  // namespace hauspost::admin
