#pragma once

#include "admin/page.hpp"
#include "admin/ports.hpp"
#include "admin/references.hpp"
#include "admin/refusal.hpp"
#include "admin/targets.hpp"

#include <string>

namespace hauspost::admin {

// Use cases on domains and their catch-alls. Names are as somebody typed them; what they give are
// names in canonical form.

struct made_domain {
    made_domain() = default;
    std::string name;
    bool lacks_keys = false;  // to sign its mail with; they could not be made now
};

awaitable<outcome<made_domain>> add_domain(ports& at, std::string name);
awaitable<outcome<closed_name>> remove_domain(ports& at, std::string name);

/// storage::domain::catch_all is where mail to unknown addresses goes: what was set, else catchall@
/// of the domain when there is such an account or alias.
/// filter  of name and catch-all, in any case
awaitable<page<storage::domain>> list_domains(ports& at, std::string filter);

struct catchall_setting {
    catchall_setting() = default;
    std::string domain;
    std::string target;
    target_doubts doubts;
    bool overrides_account = false;  // there is an account catchall@ of the domain as well
};

/// Mail to addresses of the domain that nobody has goes to target.
awaitable<outcome<catchall_setting>> set_catchall(ports& at,
                                                  std::string domain,
                                                  std::string target);
/// Gives the domain's name.
awaitable<outcome<std::string>> clear_catchall(ports& at, std::string domain);

}  // namespace hauspost::admin
