#pragma once

#include <chrono>

namespace hauspost::auth {

/// Of those who sit before the owner's page.
struct owner_settings {
    std::chrono::seconds session_idle{std::chrono::minutes(30)};  // without anything asked for
    std::chrono::seconds session_longest{std::chrono::hours(12)};
};

}  // namespace hauspost::auth
