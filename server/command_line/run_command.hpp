#pragma once

#include "admin/api/answer.hpp"
#include "server/config/config.hpp"

namespace hauspost::command_line {

/// Runs one request of the command line: by the running server when there is one, else on the store
/// itself, which is locked meanwhile. Never both at once. A list comes whole, all its pages. Where
/// there is no store, only the command that a new one begins with is not refused: a mistyped
/// data_dir must not become a store.
///
/// Throws  std::exception in words for the operator: no permission, the store is broken, another
///         command holds the store for more than ten seconds
[[nodiscard]] admin::api::answer run_store_command(const server::loaded_config& file,
                                                   const admin::api::json::object& request);

}  // namespace hauspost::command_line
