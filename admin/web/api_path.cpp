#include "admin/web/api_path.hpp"

#include <algorithm>

namespace hauspost::admin::web {

std::optional<std::string> command_of(std::string_view path) {
    if (!path.starts_with(api_folder)) return std::nullopt;
    std::string name(path.substr(api_folder.size()));
    if (name.empty() || name.find(' ') != std::string::npos) return std::nullopt;
    std::replace(name.begin(), name.end(), '/', ' ');
    return name;
}

std::string path_of(std::string_view command) {
    std::string path(command);
    std::replace(path.begin(), path.end(), ' ', '/');
    return std::string(api_folder) + path;
}

}  // namespace hauspost::admin::web
