#pragma once

#include "admin/api/answer.hpp"
#include "admin/api/sentences.hpp"
#include "admin/bans.hpp"

namespace hauspost::admin::api {

/// {"bans": [{"kind": "network", "account", "pair", "ordered", "owner_network", "owner_account", "owner_pair"
/// or "owner_pause"; "network" ("": all), "account" ("": all), "why", "passwords", "times", "begun_at",
/// "ends_at", "tried", "own": the list is asked for from there}]}
[[nodiscard]] json::object bans_json(const page<listed_ban>& list, const places& named);
/// {"name", "bans": how many}
[[nodiscard]] json::object lifted_json(const lifted_bans& done, const places& named);
/// {"name", "ends_at"}
[[nodiscard]] json::object made_ban_json(const storage::ban& made, const places& named);

}  // namespace hauspost::admin::api
