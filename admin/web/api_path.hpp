#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hauspost::admin::web {

/// Below it are the commands of admin/api, and what a browser needs before it is signed in.
inline constexpr std::string_view api_folder = "/api/";

/// The command that a path stands for: "/api/account/add" for "account add", "/api/trace" for
/// "trace".
/// Returns  nullopt when the path is not below api_folder, or could not be a command's
[[nodiscard]] std::optional<std::string> command_of(std::string_view path);

/// "/api/account/add"
[[nodiscard]] std::string path_of(std::string_view command);

}  // namespace hauspost::admin::web
