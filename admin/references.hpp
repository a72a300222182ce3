#pragma once

#include "admin/ports.hpp"
#include "base/awaitable.hpp"

#include <string>
#include <vector>

namespace hauspost::admin {

/// What sends mail on to an address, or to any address of a domain, as words: "alias
/// sales@a.example", "forward of ann@a.example", "catch-all of a.example"; names as address::shown.
///
/// name  an address, which name+detail means as well, or a domain; canonical.
/// A walk over the directory, page by page; others have their turn between two pages.
awaitable<std::vector<std::string>> find_references(ports& house, std::string name);

}  // namespace hauspost::admin
