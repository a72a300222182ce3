#pragma once

#include "admin/api/answer.hpp"
#include "admin/api/sentences.hpp"
#include "admin/reachability.hpp"

namespace hauspost::admin::api {

/// Steps as those of `delivery test`; with facts beside their sentences, for a page of another language.
[[nodiscard]] json::object reach_json(const reachability& done, const places& named);

}  // namespace hauspost::admin::api
