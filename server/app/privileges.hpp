#pragma once

#include "server/config/config.hpp"

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

/// A start as root opens the ports, becomes an ordinary user, and never root again. All that the
/// server reads and writes, keys and log included, it reads and writes as that user: what works at
/// the start works at a SIGHUP.
namespace hauspost::server {

struct system_user {
    std::string name;
    uid_t uid = 0;
    gid_t gid = 0;
};

/// nullopt: the machine knows no such user.
[[nodiscard]] std::optional<system_user> find_user(const std::string& name);

/// Whom this process has to become: nullopt when it is not root, or server.user is empty.
/// Throws  std::runtime_error in words for the operator: the user does not exist or is root, or
///         somebody else runs the command
[[nodiscard]] std::optional<system_user> user_to_become(const config& c);

/// True when an address can be reached from other machines.
[[nodiscard]] bool listens_beyond_loopback(const listen_config& listen);

/// Looks at whom the server is to become; before anybody became it. Adds to faults and notes.
void check_user(loaded_config& loaded);

/// Makes data_dir for the user when it is missing (mode 0700), with the folders above it.
/// Throws  std::runtime_error when it cannot be made, or is somebody else's. Only as root.
void make_data_dir(const std::filesystem::path& data_dir, const system_user& user);

/// Groups, group and user for good, no capability left; checked. Throws std::runtime_error. To be
/// called before threads are started, though all threads would change.
void become(const system_user& user);

/// Gives away what a process that is not root may have been started with
/// (AmbientCapabilities=CAP_NET_BIND_SERVICE). Throws std::runtime_error.
void drop_capabilities();

}  // namespace hauspost::server
