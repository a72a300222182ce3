#pragma once

#include "admin/api/answer.hpp"
#include "admin/api/sentences.hpp"
#include "admin/setting_book.hpp"

#include <vector>

namespace hauspost::admin::api {

/// "default", "owner", "file"
[[nodiscard]] const char* name_of(known_setting::source from);

/// {"settings": [{"name", "kind": "text", "flag", "count", "octets" or "time", "value", "number", "default",
/// "source": "default", "owner" or "file", "line", "least", "most", "zero_is_off", "words", "at_once",
/// "waits", "in_force"}]}; "in_force" is the value now
[[nodiscard]] json::object settings_json(const std::vector<known_setting>& all,
                                         const places& named);
/// One of them; where a restart is to come, with "warning".
[[nodiscard]] json::object setting_json(const known_setting& one, const places& named);

}  // namespace hauspost::admin::api
