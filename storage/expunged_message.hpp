#pragma once

#include "base/ids.hpp"
#include "mail/uids.hpp"
#include "storage/heading_reader.hpp"
#include "storage/mail_address.hpp"
#include "storage/trace_event.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Values of mail that was expunged, and of what is brought back of it.
namespace hauspost::storage {

/// Names one expunged message for as long as it is kept.
struct expunged_place {
    account_id account;   // whose it was, perhaps a removed one
    std::int64_t at = 0;  // Unix seconds, when it was expunged
    mailbox_id mailbox;   // where it was
    hauspost::uid uid;    // and under which UID
    friend auto operator<=>(const expunged_place&, const expunged_place&) = default;
};
[[nodiscard]] std::string to_text(const expunged_place& place);
/// nullopt: it is none.
[[nodiscard]] std::optional<expunged_place> parse_expunged_place(std::string_view text);

/// Which of somebody's expunged messages are meant: all that is not empty has to fit.
struct expunged_filter {
    account_id account;              // of those that had the address, this one alone
    mailbox_id box;                  // of its mailboxes, this one alone
    std::int64_t since = 0;          // expunged from then on, Unix seconds
    std::int64_t until = INT64_MAX;  // and up to then
    std::string mailbox;             // the name of the mailbox in which it was
    std::string from;                // a piece of the sender's name or address, in any case
    std::string subject;             // a piece of the subject
    std::string text;                // a piece of either
    blob_id blob;                    // copies of this message alone
};

struct expunged_query {
    mail_address address;
    expunged_filter wanted;
    std::optional<expunged_place> before;  // as the page before said
    std::size_t most = 100;                // rows of the page, about
    /// So many of one deletion are one row. 0: each message has its own.
    std::size_t group_of = 0;
};

/// A message, or several that went from one mailbox in one go.
struct expunged_entry {
    expunged_place place;     // of a group, the message that went last
    std::string mailbox;      // its name; "": it is gone, and nobody knows its name any more
    bool is_gone = false;     // the mailbox is
    message_heading heading;  // of that message
    std::uint64_t messages = 1;
    std::uint64_t octets = 0;  // of all of them
    std::int64_t since = 0;    // when the first of them went
    blob_id blob;              // of that message
    trace_actor by;            // as the trace says; door none: it does not
};

struct expunged_page {
    std::vector<expunged_entry> entries;  // the latest first
    std::optional<expunged_place> next;   // nullopt: there are no more
    std::vector<std::string> mailboxes;   // names that may be asked for; of the first page
};

struct restored_mail {
    std::uint64_t messages = 0;
    std::uint64_t left_over_quota = 0;  // stay expunged: the quota has no room for them
    std::uint64_t left_octets = 0;      // how many octets these have
};

/// What is brought back.
struct restore_request {
    mail_address address;
    std::vector<expunged_place> places;  // these messages; empty: all that the filter lets through
    expunged_filter wanted;
    mail_address into;    // the account that gets them; "": the one that has the address
    std::string mailbox;  // the mailbox that gets all of them; "": each the one in which it was
};

/// Messages that came back to one mailbox.
struct refilled_mailbox {
    mailbox_id id;
    std::string name;
    std::uint64_t messages = 0;
    mail::uid_ranges uids;
    bool is_made = false;  // it was not there before
};

struct mail_returned : restored_mail {
    std::vector<refilled_mailbox> mailboxes;
    std::int64_t since = 0, until = 0;  // when, Unix seconds
};

/// Takes back what a restore has done.
struct restore_undo {
    mail_address address;  // the account that got the messages
    std::vector<refilled_mailbox> mailboxes;
    std::int64_t since = 0, until = 0;  // as mail_returned said
};

/// An account that was removed, while mail of it is kept.
struct removed_mailer {
    account_id id;
    mail_address name;
    std::string display_name;
    std::string note;
    std::uint64_t quota_octets = 0;
    std::vector<mail_address> forwards;
    bool keep_copy = true;
    bool files_sent = true;
    std::int64_t removed_at = 0;
    std::uint64_t messages = 0;  // that it had when it was removed and that are kept
    std::uint64_t octets = 0;    // of these
    bool is_going = false;       // its mailboxes are being emptied: there are more to come
};

/// Somebody, or a program of his, has expunged much in a short time.
struct mass_deletion {
    mail_address address;
    std::int64_t since = 0, until = 0;  // Unix seconds
    std::uint64_t messages = 0;
    trace_actor by;
};

}  // namespace hauspost::storage
