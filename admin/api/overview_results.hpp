#pragma once

#include "admin/api/answer.hpp"
#include "admin/api/sentences.hpp"
#include "admin/overview.hpp"
#include "admin/setup_data.hpp"

namespace hauspost::admin::api {

/// {"at", "receiving": "good" | "stopped", "sending": "good" | "off", "today": {"received",
/// "submitted", "refused", "delivered", "failed", "sign_ins", "wrong_passwords"}, "hours": [{"at", and
/// the same}], "waiting", "has_domain", "has_account", "storage": {"mail_octets", "free_octets",
/// "disk_octets"}, "certificate": {"ends_at", "self_signed"}, "last_change": as in audit list,
/// "alarms": [{"id", "level", "text", "subject", "other", "number", "since", "until"}]}; "storage", "certificate" and
/// "last_change" only where they are known
[[nodiscard]] json::object overview_json(const overview& all, const places& named);

/// {"address", "services": [{"protocol": "imap", "pop3" or "smtp", "host", "port", "security": "tls" or
/// "starttls"}]}
[[nodiscard]] json::object setup_data_json(const setup_data& data, const places& named);

}  // namespace hauspost::admin::api
