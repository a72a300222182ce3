#pragma once

#include "base/secret.hpp"
#include "mail/change.hpp"
#include "mail/date_time.hpp"
#include "mail/flags.hpp"
#include "mail/metadata.hpp"
#include "mail/special_use.hpp"
#include "protocols/imap/grammar/search_options.hpp"
#include "protocols/imap/grammar/section.hpp"
#include "protocols/imap/grammar/sequence_set.hpp"
#include "protocols/query/search.hpp"
#include "protocols/query/sort.hpp"
#include "protocols/query/thread.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace hauspost::imap {

struct status_items {
    bool messages = false;
    bool recent = false;
    bool uid_next = false;
    bool uid_validity = false;
    bool unseen = false;
    bool deleted = false;          // RFC 9051 6.3.11
    bool size = false;             // RFC 8438
    bool deleted_storage = false;  // RFC 9208 4.1.4
    bool mailbox_id = false;       // RFC 8474
    bool append_limit = false;     // RFC 7889
    bool highest_modseq = false;   // RFC 7162 3.1.7
    friend bool operator==(const status_items&, const status_items&) = default;
};

/// One BODY[...], BODY.PEEK[...], BINARY[...], BINARY.PEEK[...], BINARY.SIZE[...], RFC822,
/// RFC822.HEADER or RFC822.TEXT of a FETCH.
struct body_item {
    /// RFC 3516: `decoded` is without the transfer encoding, `decoded_size` its count of octets.
    enum class form : std::uint8_t { as_is, decoded, decoded_size };
    imap::section section;
    form what = form::as_is;
    bool peek = false;  // does not set \Seen
    std::optional<imap::partial> partial;
    std::string label;  // how the response names it: "BODY[1.MIME]", "BODY[]<0>", "RFC822.TEXT"
    friend bool operator==(const body_item&, const body_item&) = default;
};

/// What a FETCH asks for of each message. Macros are resolved.
struct fetch_items {
    bool uid = false;
    bool flags = false;
    bool internal_date = false;
    bool size = false;    // RFC822.SIZE
    bool modseq = false;  // RFC 7162 3.1.4.2
    bool envelope = false;
    bool body = false;  // BODYSTRUCTURE without extension data
    bool body_structure = false;
    bool preview = false;    // RFC 8970; LAZY means nothing to us: previews are ready made
    bool save_date = false;  // RFC 8514
    bool email_id = false;   // RFC 8474
    bool thread_id = false;  // RFC 8474
    std::vector<body_item> sections;
    [[nodiscard]] bool has_extension() const noexcept {
        return preview || save_date || email_id || thread_id;
    }
    [[nodiscard]] bool sets_seen() const noexcept {
        for (const auto& item : sections)
            if (!item.peek) return true;
        return false;
    }
    friend bool operator==(const fetch_items&, const fetch_items&) = default;
};

/// RFC 5465 5, as bits.
namespace notify_events {
inline constexpr std::uint8_t message_new = 1u << 0;
inline constexpr std::uint8_t message_expunge = 1u << 1;
inline constexpr std::uint8_t flag_change = 1u << 2;
inline constexpr std::uint8_t mailbox_name = 1u << 3;
inline constexpr std::uint8_t subscription_change = 1u << 4;
inline constexpr std::uint8_t mailbox_metadata = 1u << 5;
inline constexpr std::uint8_t server_metadata = 1u << 6;
inline constexpr std::uint8_t messages = message_new | message_expunge | flag_change;
}  // namespace notify_events

/// RFC 5465 8, <event-group>.
struct notify_group {
    enum class scope : std::uint8_t {
        selected,
        selected_delayed,
        inboxes,
        personal,
        subscribed,
        subtree,
        mailboxes
    };
    scope where = scope::selected;
    std::vector<std::string> mailboxes;  // of subtree and mailboxes
    std::uint8_t events = 0;             // notify_events; 0: NONE
    std::optional<fetch_items> new_items;
};

/// One struct for each command of RFC 3501 6 and of the extensions served. All mailbox names are
/// UTF-8 with canonical INBOX; whether they are valid as new names says check_mailbox_name.
namespace cmd {

struct capability {};
struct noop {};
struct logout {};
struct starttls {};
/// RFC 9051 6.2.2. initial_response: base64 as sent, "=" stands for an empty one (RFC 4959 3).
struct authenticate {
    std::string mechanism;  // upper case
    std::optional<std::string> initial_response;
};
struct login {
    std::string user;
    secret password;
};
/// RFC 5161. Words in upper case.
struct enable {
    std::vector<std::string> capabilities;
};
/// RFC 7162 3.2.5: what the client knows of the mailbox from last time. The sets are without `*`.
struct known_mailbox {
    std::uint32_t uid_validity = 0;
    std::uint64_t modseq = 0;
    std::optional<sequence_set> uids;  // nullopt: all that there may have been
    struct sample {
        sequence_set sequences;
        sequence_set uids;  // those that the sequence numbers stood for, in the same order
    };
    std::optional<sample> match;
};
/// SELECT; with read_only EXAMINE.
struct select {
    std::string mailbox;
    bool read_only = false;
    bool condstore = false;               // RFC 7162 3.1.8
    std::optional<known_mailbox> resync;  // RFC 7162 3.2.5
};
/// RFC 9051 6.3.4, RFC 6154 3. A trailing "/" has been taken off the name.
struct create {
    std::string mailbox;
    std::vector<mail::special_use> uses;
    bool has_unknown_use = false;  // answer NO [USEATTR]
};
/// DELETE, which C++ keeps for itself.
struct remove {
    std::string mailbox;
};
struct rename {
    std::string from;
    std::string to;
};
struct subscribe {
    std::string mailbox;
};
struct unsubscribe {
    std::string mailbox;
};
/// RFC 9051 6.3.9, RFC 5258, RFC 5819, RFC 6154. Reference and patterns are UTF-8; a pattern that
/// is not valid modified UTF-7 was left out, as it can match nothing.
struct list {
    std::string reference;
    std::vector<std::string> patterns;
    bool is_extended = false;  // selection options, RETURN or several patterns were given
    bool select_subscribed = false;
    bool select_remote = false;
    bool select_recursive_match = false;  // only together with another selection
    bool select_special_use = false;
    bool return_subscribed = false;
    bool return_children = false;
    bool return_special_use = false;
    std::optional<status_items> return_status;
    std::vector<std::string> return_metadata;  // RFC 9590; entries as the client wrote them
    bool return_my_rights = false;             // RFC 8440
};
struct lsub {
    std::string reference;
    std::string pattern;
};
/// What Outlook 2013 and 2016 send instead of LIST, as Gmail once defined it; no RFC.
struct xlist {
    std::string reference;
    std::string pattern;
};
struct status {
    std::string mailbox;
    status_items items;
};
/// RFC 9208 4.1.1.
struct get_quota {
    std::string root;
};
/// RFC 9208 4.1.2.
struct get_quota_root {
    std::string mailbox;
};
/// RFC 9208 4.1.3; what it asks for is read and not kept, since nobody may.
struct set_quota {
    std::string root;
};
/// RFC 5464 4.2. mailbox "": the server. Entries as the client wrote them, at least one.
struct get_metadata {
    std::string mailbox;
    std::optional<std::uint32_t> max_size;
    mail::metadata_depth depth = mail::metadata_depth::zero;
    std::vector<std::string> entries;
};
/// RFC 5464 4.3. nullopt: the entry goes. At least one.
struct set_metadata {
    std::string mailbox;
    std::vector<std::pair<std::string, std::optional<std::string>>> values;
};
/// RFC 4314 3.1. The identifier in lower case; rights as bits of rights.hpp.
struct set_acl {
    std::string mailbox;
    std::string identifier;
    mail::change what = mail::change::set;
    std::uint32_t rights = 0;
};
struct delete_acl {
    std::string mailbox;
    std::string identifier;
};
struct get_acl {
    std::string mailbox;
};
/// The identifier as it was written: the response repeats it.
struct list_rights {
    std::string mailbox;
    std::string identifier;
};
struct my_rights {
    std::string mailbox;
};
struct namespaces {};
/// RFC 2971; nullopt is NIL. Only what the client says of itself: treat as raw text.
struct id {
    std::vector<std::pair<std::string, std::optional<std::string>>> fields;
};
struct idle {};
struct check {};
struct close {};
struct unselect {};
struct compress {};        // COMPRESS DEFLATE, RFC 4978
struct unauthenticate {};  // RFC 8437
struct expunge {};
struct uid_expunge {
    sequence_set uids;
};
/// `by_uid` in these: it was UID SEARCH, UID FETCH, ...
struct search {
    bool by_uid = false;
    query::search_program program;
    search_options options;
};
/// RFC 5256, RFC 5267 3.
struct sort {
    bool by_uid = false;
    std::vector<query::sort_criterion> criteria;  // at least one, none twice
    query::search_program program;
    search_options options;
};
/// RFC 5256.
struct thread {
    bool by_uid = false;
    query::thread_algorithm algorithm = query::thread_algorithm::references;
    query::search_program program;
};
/// RFC 7377. The answer is ESEARCH always, so options have is_extended set.
struct esearch {
    std::vector<search_source> sources;  // at least one
    query::search_program program;
    search_options options;
    [[nodiscard]] bool is_selected_alone() const noexcept {
        for (const auto& one : sources)
            if (one.what != search_source::kind::selected) return false;
        return true;
    }
};
/// RFC 5267 4.3.5.
struct cancel_update {
    std::vector<std::string> tags;
};
struct fetch {
    bool by_uid = false;
    sequence_set messages;
    fetch_items items;                           // has uid set when by_uid (RFC 9051 6.4.9)
    std::optional<std::uint64_t> changed_since;  // RFC 7162 3.1.4.1; items has modseq set then
    bool vanished = false;                       // RFC 7162 3.2.6; only with by_uid
    std::optional<page_range> page;              // RFC 9394 3.3; only with by_uid
};
struct store {
    bool by_uid = false;
    sequence_set messages;
    mail::change what = mail::change::set;
    bool silent = false;
    mail::flag_names flags;
    std::optional<std::uint64_t> unchanged_since;  // RFC 7162 3.1.3
};
struct copy {
    bool by_uid = false;
    sequence_set messages;
    std::string mailbox;
};
struct move {
    bool by_uid = false;
    sequence_set messages;
    std::string mailbox;
};
/// RFC 5465 3. No groups: NONE.
struct notify {
    bool status = false;
    bool has_unknown_event = false;  // answer NO [BADEVENT]
    std::vector<notify_group> groups;
};
/// RFC 10022: UID ranges of batches of so many messages, from the newest down.
struct uid_batches {
    std::uint32_t size = 0;
    std::uint32_t first = 1;  // which batches, both included, from 1 on
    std::uint32_t last = UINT32_MAX;
};
/// The message that REPLACE is about.
struct replaced_number {
    bool by_uid = false;
    std::uint32_t number = 0;  // 0: `*`, the last message
    friend bool operator==(const replaced_number&, const replaced_number&) = default;
};
/// APPEND, and REPLACE (RFC 8508) when `replaces` is there. Comes in steps, one for each message or
/// part of a message (append_parser.hpp), with the announcement of its octets; never from
/// parse_command.
struct append {
    std::string mailbox;                      // with the first step
    std::optional<replaced_number> replaces;  // with the first step
    bool is_catenated = false;                // the octets are not (all of) a message
    bool has_literal = true;                  // false: no octets follow
    std::uint64_t octets = 0;
    bool is_synchronising = true;  // the client waits for "+ "
    bool is_literal8 = false;      // "~{n}": NUL is allowed (RFC 3516)
};

}  // namespace cmd

using command = std::variant<cmd::capability,
                             cmd::noop,
                             cmd::logout,
                             cmd::starttls,
                             cmd::authenticate,
                             cmd::login,
                             cmd::enable,
                             cmd::select,
                             cmd::create,
                             cmd::remove,
                             cmd::rename,
                             cmd::subscribe,
                             cmd::unsubscribe,
                             cmd::list,
                             cmd::lsub,
                             cmd::xlist,
                             cmd::status,
                             cmd::get_quota,
                             cmd::get_quota_root,
                             cmd::set_quota,
                             cmd::get_metadata,
                             cmd::set_metadata,
                             cmd::set_acl,
                             cmd::delete_acl,
                             cmd::get_acl,
                             cmd::list_rights,
                             cmd::my_rights,
                             cmd::namespaces,
                             cmd::id,
                             cmd::idle,
                             cmd::check,
                             cmd::close,
                             cmd::unselect,
                             cmd::expunge,
                             cmd::uid_expunge,
                             cmd::search,
                             cmd::sort,
                             cmd::thread,
                             cmd::esearch,
                             cmd::cancel_update,
                             cmd::fetch,
                             cmd::store,
                             cmd::copy,
                             cmd::move,
                             cmd::uid_batches,
                             cmd::compress,
                             cmd::unauthenticate,
                             cmd::notify>;

}  // namespace hauspost::imap
