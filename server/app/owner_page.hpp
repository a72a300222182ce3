#pragma once

#include "admin/ports.hpp"
#include "server/config/config.hpp"

namespace hauspost::server {

/// Where the owner's page is: at the first address of [listen] admin. By the server's name where
/// others can reach it, by the address itself on loopback, which no certificate and no DNS names.
/// Without a listener it is off, and its address the one that it has by default.
[[nodiscard]] admin::owner_page owner_page_of(const config& c);

}  // namespace hauspost::server
