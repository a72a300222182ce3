#pragma once

#include "admin/outcome.hpp"
#include "server/config/config.hpp"

#include <string>

namespace hauspost::server {

/// True for the command that a new store begins with. All others refuse where there is none: a
/// mistyped data_dir must not become a store.
[[nodiscard]] bool makes_store(const std::string& command);

/// Runs one request of the command line: by the running server when there is one, else on the store
/// itself, which is locked meanwhile. Never both at once. A list comes whole, all its pages.
///
/// Throws  std::exception in words for the operator: no permission, the store is broken, another
///         command holds the store for more than ten seconds
[[nodiscard]] admin::answer run_store_command(const config& c, const admin::json::object& request);

}  // namespace hauspost::server
