#pragma once

#include "admin/password_maker.hpp"
#include "base/clock.hpp"
#include "storage/directory_store.hpp"
#include "storage/expunged_store.hpp"
#include "storage/queue_store.hpp"

#include <cstdint>

namespace hauspost::admin {

/// What the operations need of the house. All outlive them.
struct ports {
    storage::directory_store& directory;
    storage::queue_store& queue;
    storage::expunged_store& expunged;
    password_maker& passwords;
    const clock& time;
    std::uint64_t default_quota_octets = 0;
};

/// A list is given in pages: at most so many entries each.
inline constexpr std::size_t max_page = 1000;
/// and ends earlier when it has grown to so much.
inline constexpr std::size_t max_page_octets = std::size_t{4} * 1024 * 1024;

}  // namespace hauspost::admin
