#pragma once

#include "admin/api/answer.hpp"
#include "admin/api/sentences.hpp"
#include "admin/audit.hpp"
#include "admin/owner.hpp"

#include <string>
#include <string_view>
#include <vector>

/// As admin/api/results.hpp, of the owner and the audit log.
namespace hauspost::admin::api {

/// {"url", "expires_at"}
[[nodiscard]] json::object link_json(const made_setup_link& made, const places& named);
/// {"has_password", "password_changed_at", "second_factor", "recovery_codes", "language", "sessions",
/// "link_expires_at"}
[[nodiscard]] json::object owner_json(const shown_owner& shown, const places& named);
/// {"sessions": [{"id", "made_at", "seen_at", "address", "agent", "is_setup"}]}
[[nodiscard]] json::object sessions_json(const std::vector<storage::web_session>& all,
                                         const places& named);
/// {"id"}
[[nodiscard]] json::object session_json(const std::string& id, const places& named);
/// {"name": "owner"}
[[nodiscard]] json::object owner_name_json();
/// The same, with "password" when it was generated.
[[nodiscard]] json::object new_password_json(const changed_owner_password& done,
                                             const places& named);
/// {"key", "uri"}
[[nodiscard]] json::object totp_key_json(const begun_totp& begun, const places& named);
/// {"recovery_codes": [text]}
[[nodiscard]] json::object recovery_codes_json(const enabled_totp& enabled, const places& named);
/// {"good", "score", "faults": [{"fault", "text"}], "rules": {"min_characters", "min_score",
/// "may_hold_address"}}
[[nodiscard]] json::object checked_password_json(const checked_password& done, const places& named);
/// "owner", "command line", "set-up", "server"
[[nodiscard]] std::string_view name_of(storage::audit_actor who);
/// {"entries": [{"begun_at", "who": "command line", "owner", "set-up" or "server", "from", "command",
/// "subject", "end": "done", "refused" or "unknown", "reason", "before": {}, "after": {}}], "more": what
/// to give as `after` for older ones, only when there are some}
[[nodiscard]] json::object audit_entry_json(const storage::audit_entry& entry);
[[nodiscard]] json::object audit_json(const audit_list& list, const places& named);

}  // namespace hauspost::admin::api
