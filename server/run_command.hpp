#pragma once

#include "admin/outcome.hpp"
#include "server/config.hpp"

namespace hauspost::server {

/// Runs one request of the command line: by the running server when there is one, else on the store
/// itself, which is locked meanwhile. Never both at once. A list comes whole, all its pages.
///
/// Throws  std::exception in words for the operator: no permission, the store is broken, another
///         command holds the store for more than ten seconds
[[nodiscard]] admin::answer run_store_command(const config& c, const admin::json::object& request);

}  // namespace hauspost::server
