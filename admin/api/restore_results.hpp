#pragma once

#include "admin/api/answer.hpp"
#include "admin/api/sentences.hpp"
#include "admin/resend.hpp"
#include "admin/restore.hpp"

/// As admin/api/results.hpp, of mail and accounts that were deleted.
namespace hauspost::admin::api {

/// {"address", "has_account", "kept_seconds", "entries": [{"id", "account", "box", "subject", "from_name", "from",
/// "mailbox", "mailbox_gone", "messages", "octets", "deleted_at", "since", "kept_until", "by", "program",
/// "door"}], "mailboxes": [text] (of the first page), "more"}. An entry with more than one message is a
/// deletion: subject and sender are of its latest message; "since" is when its first one went.
[[nodiscard]] json::object deleted_json(const deleted_mail& found, const places& named);
/// {"address", "messages", "left_over_quota", "left_octets", "mailboxes": [{"name", "messages",
/// "made"}], "missing_octets" (of quota), "undo"}
[[nodiscard]] json::object returned_json(const returned_mail& done, const places& named);
/// {"id", "to", "sent_as"}: ids by which the trace knows both
[[nodiscard]] json::object resent_json(const resent_mail& done, const places& named);
/// {"address", "messages"}
[[nodiscard]] json::object undone_json(const undone_restore& done, const places& named);
/// {"kept_seconds", "accounts": [{"address", "id", "display_name", "messages", "octets",
/// "quota_octets", "removed_at", "kept_until", "is_going", "is_taken", "by"}]}: "owner", "command line" and so on
[[nodiscard]] json::object removed_accounts_json(const removed_accounts& found,
                                                 const places& named);
/// As returned_json, with "password" when it was generated.
[[nodiscard]] json::object undeleted_json(const account_returned& done, const places& named);

}  // namespace hauspost::admin::api
