#pragma once

#include "admin/ports.hpp"
#include "admin/refusal.hpp"
#include "base/awaitable.hpp"
#include "storage/check_report.hpp"

#include <optional>

namespace hauspost::admin {

// Use cases on the whole store; what they do says the port, upkeep.

awaitable<outcome<storage::check_report>> check_store(ports& at);
/// Returns  nullopt when it is done
awaitable<std::optional<refusal>> tell_put_back(ports& at);

}  // namespace hauspost::admin
