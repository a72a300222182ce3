#pragma once

#include "storage/sending.hpp"

#include <cstdint>

namespace hauspost::outbound {

/// How much an account may send, and when it is taken for hijacked. [sending] in the configuration.
struct sending_settings {
    storage::sending_limits limits{500, 1000, 1000, 2000, 200};
    /// It is frozen when of those it wrote to for the first time, in this hour and the one before, so
    /// many are unknown to their servers, and such a part of them. 0: never.
    std::uint32_t freeze_unknown_recipients = 20;
    std::uint32_t freeze_unknown_percent = 25;
    friend bool operator==(const sending_settings&, const sending_settings&) = default;
};

}  // namespace hauspost::outbound
