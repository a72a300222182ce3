#pragma once

#include "admin/accounts.hpp"
#include "admin/aliases.hpp"
#include "admin/api/answer.hpp"
#include "admin/api/sentences.hpp"
#include "admin/delivery_test.hpp"
#include "admin/domain_check.hpp"
#include "admin/domain_records.hpp"
#include "admin/domains.hpp"
#include "admin/forwards.hpp"
#include "admin/queue.hpp"
#include "admin/trace.hpp"
#include "storage/check_report.hpp"

/// The results of the use cases as JSON. "display" is a name as people write it (address::shown),
/// as all names in texts are; all other names are canonical. A "warning" stands last.
namespace hauspost::admin::api {

/// failure::facts of a refusal.
[[nodiscard]] json::object facts_json(const refusal& why);

/// {"address"}; of a domain {"name"}; of a message {"id"}
[[nodiscard]] json::object address_json(const std::string& address, const places& named);
[[nodiscard]] json::object domain_json(const std::string& name, const places& named);
[[nodiscard]] json::object id_json(const std::uint64_t& id, const places& named);

/// {"address", "password" (only when generated)}
[[nodiscard]] json::object login_json(const made_login& made, const places& named);
/// {"address"}, with what still sends mail to an account or alias that is gone.
[[nodiscard]] json::object removed_json(const closed_name& gone, const places& named);
[[nodiscard]] json::object switched_json(const closed_name& off, const places& named);
/// {"name"}, the same for a domain.
[[nodiscard]] json::object removed_domain_json(const closed_name& gone, const places& named);
/// {"address", "old_address", "kept_as_alias", "changed_targets"}
[[nodiscard]] json::object renamed_json(const renamed_account& renamed, const places& named);
/// {"address", "released"}: recipients of mail that was held back
[[nodiscard]] json::object unfrozen_json(const unfrozen_account& done, const places& named);
/// {"address", "messages"}
[[nodiscard]] json::object purged_json(const purged_mail& purged, const places& named);
/// {"address", "messages", "left_over_quota"}
[[nodiscard]] json::object restored_json(const mail_brought_back& back, const places& named);
/// {"address", "display", "display_name", "active", "has_password", "quota_octets", "octets",
/// "messages", "forwards", "keep_copy", "note", "created_at", "last_sign_in_at" (0: nobody ever did),
/// "last_program", "reached_from", "sending" ("on" or
/// "frozen"), "frozen_at" and "frozen_because" (only then), "sent_messages", "sent_recipients",
/// "sent_to_new", "sent_to_unknown" (of the last 24 hours), "sign_ins": [{"protocol": "imap", "pop3" or
/// "submission", "at", "address", "encrypted", "program"}], the latest first}
[[nodiscard]] json::object account_json(const shown_account& shown, const places& named);
/// {"accounts": [as account_json, up to "last_program"], "next": what to give as `after` for the
/// next page, only when there is one}
[[nodiscard]] json::object accounts_json(const page<listed_account>& list, const places& named);
/// {"address"}
[[nodiscard]] json::object led_on_json(const led_on& done, const places& named);
/// {"forwards": [{"address", "display", "forwards", "keep_copy"}], "next"}
[[nodiscard]] json::object suspended_json(const page<storage::forward_state>& list, const places&);
[[nodiscard]] json::object forwards_json(const page<storage::account>& list, const places& named);
/// {"aliases": [{"address", "display", "targets", "enabled"}], "next"}
[[nodiscard]] json::object aliases_json(const page<listed_alias>& list, const places& named);
/// {"domains": [{"name", "display", "catch_all", "created_at"}]}
[[nodiscard]] json::object domains_json(const page<storage::domain>& list, const places& named);
/// {"name"}
[[nodiscard]] json::object made_domain_json(const made_domain& made, const places& named);
/// {"name", "records": [{"name", "type", "value"}]}, as a zone file has them
[[nodiscard]] json::object records_json(const domain_records& all, const places& named);
/// {"name", "good", "signed", "records": [{"name", "type", "value", "state": "right", "missing",
/// "other", "optional" or "unknown", "found" (of other), "advice"}]}
[[nodiscard]] json::object checked_json(const checked_domain& done, const places& named);
/// {"address", "good", "steps": [{"step", "result": "good", "note" or "bad", "text", "advice"}]}
[[nodiscard]] json::object steps_json(const delivery_test& done, const places& named);
/// {"name", "catch_all"}
[[nodiscard]] json::object catchall_json(const catchall_setting& done, const places& named);
/// {"id", "from", "recipients": [{"to", "state", "attempts", "due_at", "attempted_at", "last_host",
/// "last_reply", "last_tls"}], "octets", "created_at", "held_until" (only before that time: RFC 4865),
/// "state", "due_at", "last_reply"}; the last three
/// of the recipient that is due first, or was tried last.
[[nodiscard]] json::object queued_json(const storage::queue_item& item, const places& named);
/// {"queue": [as queued_json], "next"}
[[nodiscard]] json::object queue_json(const page<storage::queue_item>& list, const places& named);
/// {"messages": [{"id", "at", "from", "recipients", "message_id", "subject", "octets", "state", "left_out",
/// "steps": [{"at", "step", "text", and of what a step has: "to", "target", "rule", "by", "door",
/// "peer", "reply", "tls", "queue", "attempt", "due_at", "messages"}]}], "only_counted", "more": what to
/// give as `after` for older ones, only when there are some, "life": true when one message was asked for}
[[nodiscard]] json::object trace_json(const traced_mail& found, const places& named);
/// {"sound", "findings": [text], "accounts", "mailboxes", "messages", "blobs", "octets"}
[[nodiscard]] json::object report_json(const storage::check_report& report, const places& named);

}  // namespace hauspost::admin::api
