#pragma once

#include "admin/api/answer.hpp"
#include "admin/api/sentences.hpp"
#include "admin/overview.hpp"

namespace hauspost::admin::api {

/// {"at", "receiving": "good" | "stopped", "sending": "good" | "off", "today": {"received",
/// "submitted", "refused", "delivered", "failed", "sign_ins", "wrong_passwords"}, "hours": [{"at", and
/// the same}], "waiting", "has_domain", "has_account", "storage": {"mail_octets", "free_octets",
/// "disk_octets"}, "certificate": {"ends_at", "self_signed"}, "last_change": as in audit list,
/// "alarms": [{"id", "level", "subject", "other", "number"}]}; "storage", "certificate" and
/// "last_change" only where they are known
[[nodiscard]] json::object overview_json(const overview& all, const places& named);

}  // namespace hauspost::admin::api
