#pragma once

#include "admin/page.hpp"
#include "admin/ports.hpp"
#include "admin/refusal.hpp"
#include "storage/forward_store.hpp"

#include <string>
#include <vector>

namespace hauspost::admin {

// Use cases on forwards whose targets are refused by their own servers. Names are as somebody typed
// them.

/// Those that get nothing at present, of all accounts, aliases and catch-alls.
/// filter  of both addresses, in any case
awaitable<page<storage::forward_state>> list_suspended(ports& at, std::string filter);

/// Mail goes there again.
/// by       an account, an alias, or "@example.org" for the catch-all of a domain
/// targets  empty: all that are suspended
/// Gives    the name of who sends on
awaitable<outcome<std::string>> resume_forward(ports& at,
                                               std::string by,
                                               std::vector<std::string> targets);

/// Of one; `by` is canonical.
awaitable<std::vector<storage::mail_address>> suspended_targets(ports& at, std::string by);

}  // namespace hauspost::admin
