#pragma once

#include "admin/password_maker.hpp"
#include "admin/upkeep.hpp"
#include "base/clock.hpp"
#include "storage/directory_store.hpp"
#include "storage/expunged_store.hpp"
#include "storage/queue_store.hpp"

#include <cstdint>

namespace hauspost::admin {

/// What the use cases work on. All outlive them.
struct ports {
    storage::directory_store& directory;
    storage::queue_store& queue;
    storage::expunged_store& expunged;
    password_maker& passwords;
    upkeep& store;
    const clock& time;
    std::uint64_t default_quota_octets = 0;
    bool sends_mail = false;  // to other servers; else it waits
};

}  // namespace hauspost::admin
