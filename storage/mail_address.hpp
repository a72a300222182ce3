#pragma once

#include <string>

namespace hauspost::storage {

/// An address somebody's mail goes to, "local@domain", as address::canonical makes it.
using mail_address = std::string;

}  // namespace hauspost::storage
