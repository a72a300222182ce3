#pragma once

#include "base/awaitable.hpp"
#include "base/ids.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The ports of the full-text index: who asks it, and who tells it what the text of a message is.
namespace hauspost::storage {

/// Where a text is looked for. `header` is the whole header, `anywhere` header or body.
enum class text_field : std::uint8_t { subject, from, to, cc, header, body, anywhere };

/// A text that a search looks for, in the form of the indexed text (text_maker).
struct needle {
    text_field field = text_field::anywhere;
    std::string text;
    bool is_fuzzy = false;  // RFC 6203: whatever is alike (base/trigrams.hpp)
};

/// Messages that may hold one needle. All others that the index covers do not hold it.
struct needle_candidates {
    /// False: the index cannot say (the needle is too short), every message may hold it.
    bool is_answered = false;
    std::vector<blob_id> blobs;  // ascending
};

struct index_answer {
    std::vector<needle_candidates> needles;  // as asked
    /// Of each mailbox the messages below this UID are covered; ascending, others are not at all.
    std::vector<std::pair<mailbox_id, uid>> covered;

    [[nodiscard]] uid covered_below(mailbox_id mailbox) const noexcept;
};

/// The port through which a search asks the full-text index. It gives candidates, never results:
/// it knows more or less which three characters stand in a row somewhere in a message's text, and
/// lags behind the store. Header lines that only a copy has (message_view::prefix) are not in it.
class search_index {
public:
    virtual ~search_index() = default;

    /// nullopt: no answer, since the account's index is being built, damaged, or everybody is busy.
    /// Throws  nothing but std::bad_alloc: what is wrong with an index is no answer
    /// Thread  any; resumes on the caller's executor
    virtual awaitable<std::optional<index_answer>> find(account_id account,
                                                        std::vector<needle> needles) = 0;
};

/// Octets of a blob.
struct octet_range {
    std::uint64_t offset = 0;
    std::uint64_t octets = 0;
};

/// The text of one message, as a search sees it.
struct indexed_text {
    std::string header;  // all of it, names included
    std::string subject, from, to, cc;
    std::string body;
    bool is_complete = true;  // false: a search may find more; the message is always a candidate
};

/// Makes the text of a message out of its octets; what is searched is the business of the protocol.
/// Text is UTF-8.
/// Thread  any
class text_maker {
public:
    virtual ~text_maker() = default;

    /// Of the text, and of what makes it: an index that another version made is built anew.
    [[nodiscard]] virtual std::string version() const = 0;
    /// What has to be read. nullopt: too much to index.
    [[nodiscard]] virtual std::optional<std::vector<octet_range>> ranges(
        std::string_view summary) const = 0;
    /// octets  what stands in each of those ranges; shorter where the blob ended before
    [[nodiscard]] virtual indexed_text make(std::string_view summary,
                                            std::span<const std::string> octets) const = 0;
};

}  // namespace hauspost::storage
