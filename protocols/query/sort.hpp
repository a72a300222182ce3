#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::query {

/// RFC 5256 3, RFC 5957.
enum class sort_by : std::uint8_t {
    arrival,
    cc,
    date,
    from,
    size,
    subject,
    to,
    display_from,
    display_to,
    relevancy  // RFC 6203 6
};

struct sort_criterion {
    sort_by by = sort_by::arrival;
    bool reverse = false;
    friend bool operator==(const sort_criterion&, const sort_criterion&) = default;
};

/// Sorts messages by keys that stand ready in their summaries (message/summary.hpp). Texts compare
/// by i;unicode-casemap (RFC 5051, RFC 5255 4.1), for they were casemapped when the message
/// arrived.
///
/// Calling sequence: add() each message in the order of sequence numbers, then sorted() once.
/// Memory   28 octets a message, 8 more for each criterion, and for each that is a text 8 more and
///          the text (at most 512 octets); max_text_octets of texts in all
/// Cost     n log n comparisons
class sorter {
public:
    static constexpr std::size_t max_text_octets = 64 * 1024 * 1024;

    /// criteria  at least one
    explicit sorter(std::vector<sort_criterion> criteria) : criteria_(std::move(criteria)) {}

    [[nodiscard]] std::size_t size() const noexcept { return numbers_.size(); }
    void reserve(std::size_t messages);
    /// number   what sorted() gives back for the message
    /// arrival  INTERNALDATE in Unix seconds
    /// summary  encoded
    /// score    1..100, the highest first; RFC 6203 6
    /// Returns  false when the texts become too many
    bool add(std::uint32_t number,
             std::int64_t arrival,
             std::uint64_t octets,
             std::string_view summary,
             std::uint8_t score = 100);
    /// All numbers in their order; equal messages in the order in which they were added, whatever
    /// is reversed (RFC 5256 3).
    [[nodiscard]] std::vector<std::uint32_t> sorted() const;

private:
    struct text_place {
        std::uint32_t at = 0;
        std::uint32_t octets = 0;
    };
    void add_number(std::uint64_t ascending, const sort_criterion& criterion);
    void add_text(std::string_view text, const sort_criterion& criterion);
    [[nodiscard]] std::string_view text(std::size_t place) const noexcept;
    [[nodiscard]] bool is_before(std::uint32_t a, std::uint32_t b) const noexcept;

    std::vector<sort_criterion> criteria_;
    std::vector<std::uint32_t> numbers_;
    // For each message one of each criterion: a number, or the first 8 octets of a text; bits
    // turned over when reversed, so that the smaller one comes first always.
    std::vector<std::uint64_t> keys_;
    std::vector<text_place> places_;  // for each message one of each text criterion
    std::string texts_;
};

[[nodiscard]] bool is_text(sort_by by) noexcept;

/// The moment a message was sent, for sorting: its Date field, else its arrival. RFC 5256 2.2
[[nodiscard]] std::int64_t sent_date(std::int64_t arrival, std::string_view summary) noexcept;

}  // namespace hauspost::query
