#pragma once

#include <chrono>
#include <cstdint>

namespace hauspost::storage {

/// For how long a store keeps what goes with time.
struct keeping {
    std::chrono::seconds deleted_mail = std::chrono::hours(24 * 14);
    std::uint32_t trace_days = 30;  // 0: there is no trace
    bool trace_subjects = false;    // whether it holds the subjects of messages
};

}  // namespace hauspost::storage
