#pragma once

#include "protocols/jmap/filter.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::jmap {

/// One condition on an Email. RFC 8621 4.4.1
struct email_condition {
    enum class kind : std::uint8_t {
        in_mailbox,              // texts: one id
        in_mailbox_other_than,   // texts: ids
        before,                  // number: receivedAt, Unix seconds
        after,                   //
        min_size,                // number: octets
        max_size,                //
        all_in_thread_keyword,   // texts: one keyword, in lower case
        some_in_thread_keyword,  //
        none_in_thread_keyword,  //
        has_keyword,             //
        not_keyword,             //
        has_attachment,          // number: 0 or 1
        text,                    // texts: words and phrases, all of which have to be there
        from,
        to,
        cc,
        bcc,
        subject,
        body,
        header,  // texts: the field's name in lower case, and perhaps a text
    };
    kind what = kind::text;
    std::int64_t number = 0;
    std::vector<std::string> texts;

    /// Octets of the message have to be read.
    [[nodiscard]] bool reads_message() const noexcept { return what >= kind::has_attachment; }
    /// A note is kept on each email of the account while it is judged.
    [[nodiscard]] bool is_costly() const noexcept {
        return reads_message() ||
               (what >= kind::all_in_thread_keyword && what <= kind::none_in_thread_keyword);
    }
};

/// As filter_node, with conditions taken apart: one of several members is an AND over one of each.
struct email_filter {
    struct node {
        filter_node::kind what = filter_node::kind::all;
        std::uint32_t length = 1;
        std::uint32_t condition = 0;  // of a condition: its place in `conditions`
    };
    std::vector<node> nodes;  // never empty
    std::vector<email_condition> conditions;

    /// The one mailbox that all results lie in by the filter's very form, as its id; "": none.
    [[nodiscard]] std::string_view only_mailbox() const noexcept;
};

/// wrong  invalidArguments; unsupportedFilter for what we do not know
[[nodiscard]] email_filter parse_email_filter(const json::value* given,
                                              std::optional<method_error>& wrong);

/// The words and phrases of a text that somebody looks for: what stands in quotes is one, else blanks
/// divide. RFC 8621 4.4.1
[[nodiscard]] std::vector<std::string> split_words(std::string_view text);

/// "2014-10-30T14:12:00Z" as Unix seconds; nullopt: it is no UTCDate. RFC 8620 1.4
[[nodiscard]] std::optional<std::int64_t> parse_utc_date(std::string_view text);
[[nodiscard]] std::string write_utc_date(std::int64_t unix_seconds);
/// The same in the zone in which somebody wrote it: "2014-10-30T14:12:00+08:00".
[[nodiscard]] std::string write_date(std::int64_t unix_seconds, std::int32_t zone_minutes);

/// RFC 8621 4.1.1: 1 to 255 octets of printable ASCII that an IMAP keyword may have.
[[nodiscard]] bool is_keyword(std::string_view text) noexcept;

}  // namespace hauspost::jmap
