#include "server/outbound/retry_schedule.hpp"

#include <algorithm>

namespace hauspost::outbound {

std::int64_t next_attempt(const retry_settings& settings,
                          unsigned attempts,
                          std::int64_t now) noexcept {
    auto pause = settings.first;
    for (unsigned n = 1; n < attempts && pause < settings.longest; ++n)
        pause *= 2;
    return now + std::min(pause, settings.longest).count();
}

bool is_time_over(const retry_settings& settings,
                  std::int64_t created_at,
                  std::int64_t next) noexcept {
    return next > created_at + settings.give_up.count();
}

bool is_late(const retry_settings& settings, std::int64_t created_at, std::int64_t now) noexcept {
    return now >= created_at + settings.delay_notice.count();
}

}  // namespace hauspost::outbound
