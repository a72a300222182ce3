#pragma once

#include "admin/ports.hpp"
#include "base/awaitable.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::admin {

/// Something that sends mail on.
struct reference {
    enum class kind : std::uint8_t { alias, forward, catch_all };
    kind of = kind::alias;
    std::string name;  // of the alias, the account with the forward, the domain; canonical
};

/// An account, alias or domain that takes no mail any more, and what still sends mail there.
struct closed_name {
    closed_name() = default;
    std::string name;
    std::vector<reference> reached_from;
};

/// What sends mail on to an address, or to any address of a domain.
///
/// name  an address, which name+detail means as well, or a domain; canonical.
/// A walk over the directory, page by page; others have their turn between two pages.
awaitable<std::vector<reference>> find_references(ports& at, std::string name);

}  // namespace hauspost::admin
