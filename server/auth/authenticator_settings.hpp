#pragma once

#include "base/clock.hpp"
#include "server/auth/lockout.hpp"
#include "server/auth/password_hash.hpp"

#include <chrono>
#include <cstddef>
#include <functional>

namespace hauspost::auth {

struct authenticator_settings {
    argon2_parameters argon2;
    std::size_t hash_threads = 0;  // 0: one for each core
    std::size_t max_waiting = 64;  // a quarter of it for who logged in from his network before
    std::chrono::seconds cache_age{std::chrono::minutes(15)};  // 0: no cache of right logins
    std::size_t cache_entries = 10'000;                        // of right and of wrong logins
    lockout_settings lockout;
    std::function<steady_time()> now = [] { return std::chrono::steady_clock::now(); };
};

}  // namespace hauspost::auth
