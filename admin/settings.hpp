#pragma once

#include "admin/ports.hpp"
#include "admin/refusal.hpp"
#include "admin/setting_book.hpp"
#include "base/awaitable.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hauspost::admin {

// What the owner sets instead of the configuration file.

/// filter  a part of a name; empty: all
awaitable<std::vector<known_setting>> list_settings(ports& at, std::string filter);

/// Returns  as it is now.
/// typed  its value: "14d", "5 GiB", "on"
/// seen   its value when somebody decided on it; another one meanwhile is a refusal. nullopt: any
awaitable<outcome<known_setting>> set_setting(ports& at,
                                              std::string name,
                                              std::string typed,
                                              std::optional<std::string> seen);

/// It is as if he had never set it.
awaitable<outcome<known_setting>> reset_setting(ports& at,
                                                std::string name,
                                                std::optional<std::string> seen);

}  // namespace hauspost::admin
