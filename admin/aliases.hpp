#pragma once

#include "admin/page.hpp"
#include "admin/ports.hpp"
#include "admin/references.hpp"
#include "admin/refusal.hpp"
#include "admin/targets.hpp"

#include <string>
#include <vector>

namespace hauspost::admin {

// Use cases on aliases. Names are as somebody typed them.

/// Adds targets; makes the alias when there is none of that name.
awaitable<outcome<led_on>> add_alias(ports& at, std::string name, std::vector<std::string> targets);

/// Takes the targets out of the alias; without targets, or with the last one, removes it. What
/// sends mail there is looked for only when the alias is gone.
awaitable<outcome<closed_name>> remove_alias(ports& at,
                                             std::string name,
                                             std::vector<std::string> targets);

/// A switched-off alias keeps its targets; mail to it is refused. Gives its name.
awaitable<outcome<std::string>> set_alias_enabled(ports& at, std::string name, bool enabled);

struct listed_alias {
    listed_alias() = default;
    storage::alias alias;
    std::vector<storage::mail_address> suspended;  // of its targets: those that get nothing
};

/// As list_accounts.
/// filter  of address and targets, in any case
awaitable<page<listed_alias>> list_aliases(ports& at, std::string after, std::string filter);

}  // namespace hauspost::admin
