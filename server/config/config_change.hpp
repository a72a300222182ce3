#pragma once

#include "server/config/config.hpp"

#include <string>
#include <vector>

namespace hauspost::server {

/// What a file that was read again means for a server that runs.
struct config_change {
    config values;                     // in force from now on
    std::vector<std::string> applied;  // changed items that are: "limits.message_size"
    std::vector<std::string> waiting;  // changed items that come into force at the next start
};

/// Takes over what is marked as reloading in config_items, and leaves the rest as it runs.
[[nodiscard]] config_change change_of(const config& running, config fresh);

/// The items that do not have the same value in both, by their full names.
[[nodiscard]] std::vector<std::string> differences(config a, config b);

}  // namespace hauspost::server
