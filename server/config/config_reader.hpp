#pragma once

#include "server/config/config.hpp"

#include <toml++/toml.h>

namespace hauspost::server {

/// Fills in the values of a parsed file, with the place of each, and gathers all faults and notes.
void read_items(const toml::table& root, loaded_config& into);

}  // namespace hauspost::server
