#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "server/auth/keyed_digest.hpp"
#include "server/auth/lru_table.hpp"

#include <chrono>
#include <mutex>
#include <string_view>

namespace hauspost::auth {

/// Logins that had one and the same verdict a short time ago. Of right ones, so that a client's
/// five connections cost one hash; of wrong ones, so that the same wrong password again and again
/// costs none. Holds keyed digests only. The stored hash is part of the key: when a password
/// changes, its entries are never found again. Thread: any.
class login_cache {
public:
    /// max_age 0: remembers nothing.
    login_cache(std::chrono::seconds max_age, std::size_t max_entries)
        : max_age_(max_age), entries_(max_entries) {}

    [[nodiscard]] bool contains(const digest& login, steady_time now) {
        const std::lock_guard lock(mutex_);
        const auto* expires_at = entries_.find(login);
        if (expires_at == nullptr) return false;
        if (now < *expires_at) return true;
        entries_.erase(login);
        return false;
    }

    void insert(const digest& login, steady_time now) {
        if (max_age_.count() == 0) return;
        const std::lock_guard lock(mutex_);
        entries_.at(login) = now + max_age_;
    }

private:
    const std::chrono::seconds max_age_;
    std::mutex mutex_;
    lru_table<steady_time> entries_;
};

}  // namespace hauspost::auth
