#pragma once

#include "protocols/imap/grammar/command.hpp"
#include "protocols/imap/response/response_writer.hpp"
#include "protocols/imap/session/core/visible.hpp"
#include "storage/types.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::imap {

/// What a LIST line says of one name.
struct list_entry {
    std::string name;
    const visible_mailbox* mailbox = nullptr;  // null: only a name that is subscribed
    bool has_children = false;
    bool is_subscribed = false;
};

/// All names a LIST can speak of, sorted, INBOX first: mailboxes, and subscriptions when wanted.
[[nodiscard]] std::vector<list_entry> list_entries(const std::vector<visible_mailbox>& mailboxes,
                                                   const std::vector<std::string>& subscriptions);

/// "\Sent"; "" for none. RFC 6154 2
[[nodiscard]] std::string_view use_word(mail::special_use use);

/// "* LIST (\HasNoChildren \Sent) "/" Sent". RFC 9051 7.3.1, RFC 3348, RFC 6154 2
/// tell_subscribed  \Subscribed was asked for (RFC 5258 3)
void write_list_line(response_writer& writer,
                     const list_entry& entry,
                     bool tell_subscribed,
                     bool tell_child_info);

/// "* LSUB () "/" Sent". RFC 3501 7.2.3
void write_lsub_line(response_writer& writer, const list_entry& entry);

/// "* XLIST (\HasNoChildren \Inbox) "/" INBOX", as Gmail wrote it: \Inbox marks INBOX, and the uses
/// that Gmail had other words for get both.
void write_xlist_line(response_writer& writer, const list_entry& entry);
/// What STATUS tells that does not stand in the mailbox's own rows.
struct status_values {
    account_id account;                // whose mailbox it is
    std::uint64_t append_limit = 0;    // octets, RFC 7889
    std::uint32_t recent = 0;          // messages that no session has seen yet, RFC 3501 6.3.10
    std::uint64_t deleted_octets = 0;  // of messages with \\Deleted, RFC 9208 4.1.4
};

/// "* STATUS Sent (MESSAGES 3 ...)". RFC 9051 7.3.4
void write_status_line(response_writer& writer,
                       const storage::mailbox_info& mailbox,
                       const status_items& items,
                       const status_values& values);

/// "MAILBOXID (F...)": a response code, and an item of STATUS. RFC 8474 4
[[nodiscard]] std::string mailbox_id_words(account_id account, mailbox_id mailbox);

}  // namespace hauspost::imap
