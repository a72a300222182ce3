#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>

namespace hauspost::outbound {

/// Messages within 60 seconds; 0: any number.
struct rate_settings {
    std::size_t per_minute = 0;  // to each domain that is not named below
    /// By domain, in lower case and A-labels.
    std::map<std::string, std::size_t, std::less<>> of_domain;
};

}  // namespace hauspost::outbound
