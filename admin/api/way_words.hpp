#pragma once

#include "admin/api/answer.hpp"
#include "admin/api/sentences.hpp"
#include "admin/local_routes.hpp"

namespace hauspost::admin::api {

/// The way of mail inside the server: a code, names and an English sentence for each step.
[[nodiscard]] json::array way_json(const told_way& way, const places& named);

}  // namespace hauspost::admin::api
