#pragma once

#include "admin/api/commands.hpp"

namespace hauspost::admin::api {

/// Of each command that sets a password.
inline constexpr argument password_argument{
    "password", argument::kind::secret, false, "--generate",
    "Generate a password and print it once. Without this option the password is asked for at a "
    "terminal, or read as one line from standard input; if that is empty, one is generated too"};

}  // namespace hauspost::admin::api
