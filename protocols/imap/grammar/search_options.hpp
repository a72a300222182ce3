#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace hauspost::imap {

/// A page of a list of results: positions as the client gave them, from 1; with from_end, 1 is the
/// last result, 2 the one before it. RFC 9394 3.1
struct page_range {
    std::uint32_t first = 1;  // either may be the larger one
    std::uint32_t last = 1;
    bool from_end = false;

    struct positions {
        std::size_t begin = 0;  // from 0
        std::size_t end = 0;    // one past the last
    };
    /// Those of `count` results that are on the page; begin == end: none.
    [[nodiscard]] positions within(std::size_t count) const noexcept {
        const std::size_t low = std::min<std::size_t>(std::min(first, last) - 1, count);
        const std::size_t high = std::min<std::size_t>(std::max(first, last), count);
        if (from_end) return {count - high, count - low};
        return {low, high};
    }
    friend bool operator==(const page_range&, const page_range&) = default;
};

/// RETURN (...) of SEARCH, SORT and ESEARCH. RFC 4731 3.1, RFC 5182 2.1, RFC 5267 4, RFC 9394 3.1
struct search_options {
    bool is_extended = false;  // RETURN was given: the answer is ESEARCH
    bool min = false;
    bool max = false;
    bool all = false;
    bool count = false;
    bool save = false;       // keep the result as "$"
    bool context = false;    // a hint that the search will be asked again
    bool update = false;     // tell when the result changes
    bool relevancy = false;  // scores of a fuzzy search; RFC 6203 4
    std::optional<page_range> partial;

    /// Is anything told, or is the result only saved?
    [[nodiscard]] bool tells() const noexcept {
        return min || max || all || count || relevancy || partial;
    }
    friend bool operator==(const search_options&, const search_options&) = default;
};

/// Where an ESEARCH searches. RFC 7377 2.2, RFC 5465 6
struct search_source {
    enum class kind : std::uint8_t {
        selected,
        inboxes,
        personal,
        subscribed,
        subtree,      // mailbox: it and all below it
        subtree_one,  // mailbox: it and its children
        mailbox
    };
    kind what = kind::selected;
    std::string mailbox;
    friend bool operator==(const search_source&, const search_source&) = default;
};

}  // namespace hauspost::imap
