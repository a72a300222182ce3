#pragma once

#include "base/ids.hpp"
#include "protocols/query/number_set.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::query {

/// What a search key has to be told, cheapest first.
enum class search_cost : std::uint8_t {
    flags,    // sequence number, UID, flags
    row,      // internal date, size
    summary,  // sent date
    header,   // header fields
    body,     // the whole message
};

/// One key of a search program. RFC 9051 6.4.4 and RFC 3501 6.4.4 name the keys; keys that say the
/// same are one here: UNSEEN is a negated flag key, NEW is (RECENT UNSEEN).
struct search_key {
    enum class kind : std::uint8_t {
        all_of,             // children; true without any
        any_of,             // children (OR)
        flag,               // system flag: number is its bit (command.hpp flag_bits)
        recent,             // \Recent
        keyword,            // text
        sequence,           // set: sequence numbers
        uid,                // set: UIDs
        modseq,             // number: mod-sequence, RFC 7162 3.1.5
        before,             // INTERNALDATE, number: days since 1970-01-01
        on,                 //
        since,              //
        larger,             // number: octets
        smaller,            //
        younger,            // INTERNALDATE, number: seconds; RFC 5032
        older,              //
        saved_before,       // save date, number: days since 1970-01-01; RFC 8514
        saved_on,           //
        saved_since,        //
        email_id,           // text: an object id, RFC 8474
        thread_id,          //
        sent_before,        // Date:, number: days since 1970-01-01
        sent_on,            //
        sent_since,         //
        header_contains,    // field, text (SUBJECT, HEADER)
        addresses_contain,  // field, text (FROM, TO, CC, BCC)
        body_contains,      // text
        text_contains,      // text: header or body
    };
    kind what = kind::all_of;
    bool negated = false;
    std::uint32_t length = 1;  // number of keys of this one and all below it: the tree in pre-order
    std::uint64_t number = 0;
    std::string field;  // header field name, lower case
    std::string text;   // UTF-8, casemapped; of `keyword`: as given
    number_set set;
    number_ranges ranges;   // `set` once bound
    bool is_fuzzy = false;  // RFC 6203 3; only texts
    friend bool operator==(const search_key&, const search_key&) = default;
};

/// What SEARCH asks for: keys in pre-order, nested at most max_nesting_depth. keys[0] is the root.
struct search_program {
    std::vector<search_key> keys;

    /// Gives `*`, `$` and "so many seconds ago" their meaning. Call once before evaluate; sequence
    /// numbers beyond the mailbox match nothing.
    /// now    Unix seconds
    /// saved  UIDs of the saved result
    void bind(std::uint32_t largest_sequence,
              std::uint32_t largest_uid,
              std::int64_t now = 0,
              const number_ranges& saved = {});
    /// Does every message match, whatever it is?
    [[nodiscard]] bool matches_all() const noexcept { return keys.size() <= 1 && !is_negated(); }
    /// The dearest thing that any key asks for.
    [[nodiscard]] search_cost cost() const noexcept;
    /// Does any key ask for text in bodies, for text in headers, ...?
    [[nodiscard]] bool needs(search_cost what) const noexcept;
    /// Does a key name messages by sequence number, or by `$`?
    [[nodiscard]] bool depends_on_numbers() const noexcept;
    /// Is there a key with message sequence numbers?
    [[nodiscard]] bool has_sequence() const noexcept;
    /// Is there a MODSEQ key? Then the answer tells the highest one found (RFC 7162 3.1.6).
    [[nodiscard]] bool has_modseq() const noexcept;
    /// Is there a KEYWORD or UNKEYWORD key?
    [[nodiscard]] bool has_keyword() const noexcept;
    /// Is any text fuzzy? RFC 6203 3
    [[nodiscard]] bool has_fuzzy() const noexcept;
    friend bool operator==(const search_program&, const search_program&) = default;

private:
    [[nodiscard]] bool is_negated() const noexcept { return !keys.empty() && keys[0].negated; }
};

/// One message, as a search sees it. Each function is called only when a key needs it that cheaper
/// keys did not decide; those of the costs header and body at most a few times a message.
/// Text is decoded (RFC 2047, transfer encodings, charsets) UTF-8, casemapped by i;unicode-casemap
/// (message/charset): the same form as search_key::text.
class searchable {
public:
    virtual ~searchable() = default;
    [[nodiscard]] virtual std::uint32_t sequence() = 0;
    [[nodiscard]] virtual hauspost::uid uid() = 0;
    [[nodiscard]] virtual std::uint32_t system_flags() = 0;  // flag_bits
    [[nodiscard]] virtual hauspost::modseq modseq() = 0;
    [[nodiscard]] virtual bool is_recent() = 0;
    [[nodiscard]] virtual bool has_keyword(std::string_view name) = 0;  // without case
    // search_cost::row. Days since 1970-01-01 in the zone that is kept with the date.
    [[nodiscard]] virtual std::int64_t internal_day() = 0;
    [[nodiscard]] virtual std::int64_t internal_seconds() = 0;  // since 1970-01-01 UTC
    [[nodiscard]] virtual std::int64_t save_day() = 0;          // in UTC
    [[nodiscard]] virtual std::uint64_t octets() = 0;
    [[nodiscard]] virtual bool has_email_id(std::string_view id) = 0;
    [[nodiscard]] virtual bool has_thread_id(std::string_view id) = 0;
    // search_cost::summary. nullopt: no Date field.
    [[nodiscard]] virtual std::optional<std::int64_t> sent_day() = 0;
    // search_cost::header. All fields of this lower-case name, one a line; nullopt: none.
    [[nodiscard]] virtual std::optional<std::string> header(std::string_view field) = 0;
    // The addresses of all such fields, one a line, however they were written; nullopt: none.
    [[nodiscard]] virtual std::optional<std::string> addresses(std::string_view field) = 0;
    // The whole header of the message. The view lives until the next call.
    [[nodiscard]] virtual std::string_view header_text() = 0;
    // search_cost::body. Headers of inner parts and all text of the body.
    [[nodiscard]] virtual std::string_view body_text() = 0;
};

enum class search_verdict : std::uint8_t { no, yes, unknown };

/// Evaluates those keys that cost at most `up_to`; `unknown` when dearer ones would have to decide.
/// So a walk over flags alone settles most messages, and the rest are asked again with more.
/// Precondition: program.bind was called.
/// likeness  raised to how alike the message is to the fuzzy text that it is most like, 1..100, of
///           those that were looked at; may be null
[[nodiscard]] search_verdict evaluate(const search_program& program,
                                      searchable& candidate,
                                      search_cost up_to,
                                      std::uint8_t* likeness = nullptr);

/// How alike a text is to a fuzzy key's, in percent: that of its trigrams which the text has. 0: not
/// alike, which also is a text that can only be met whole.
/// RFC  6203 2: how alike is left to the server
[[nodiscard]] std::uint8_t likeness_of(std::string_view text, std::string_view fuzzy);

/// Evaluates with rising costs until it is decided.
[[nodiscard]] bool matches(const search_program& program, searchable& candidate);

/// Days since 1970-01-01 of a moment in its own zone: RFC 9051 6.4.4 disregards time and zone.
[[nodiscard]] std::int64_t day_of(std::int64_t unix_seconds, std::int32_t zone_minutes) noexcept;

}  // namespace hauspost::query
