#pragma once

#include "admin/ports.hpp"
#include "admin/refusal.hpp"
#include "base/awaitable.hpp"
#include "storage/check_report.hpp"

#include <optional>
#include <string>

namespace hauspost::admin {

// Use cases on the whole store; what they do says the port, upkeep.

awaitable<outcome<storage::check_report>> check_store(ports& at);
/// Returns  nullopt when it is done
awaitable<std::optional<refusal>> tell_put_back(ports& at);

/// Refuses  index_off, busy
awaitable<outcome<index_figures>> show_index(ports& at);
/// Has the full-text index of an account built anew, or that of all.
/// typed    an account's address; "": all
/// Returns  nullopt when it is begun
/// Refuses  index_off, not_an_address, no_such_account
awaitable<std::optional<refusal>> rebuild_index(ports& at, std::string typed);

}  // namespace hauspost::admin
