#pragma once

#include "protocols/jmap/json_text.hpp"
#include "protocols/jmap/method_error.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::jmap {

/// One node of a filter: an operator over those below it, or a condition. The tree stands in
/// pre-order: the node, then its first child with all of its own, and so on.
struct filter_node {
    enum class kind : std::uint8_t { condition, all, any, none };  // AND, OR, NOT
    kind what = kind::condition;
    std::uint32_t length = 1;             // nodes of this one and all below it
    const json::object* given = nullptr;  // of a condition: its members
};

/// RFC 8620 5.5: a FilterOperator or a FilterCondition.
///
/// given    outlives the nodes; null or absent is no filter: one condition without members
/// wrong    why there are none: invalidArguments, or unsupportedFilter where it is too large
[[nodiscard]] std::vector<filter_node> parse_filter(const json::value* given,
                                                    std::optional<method_error>& wrong);

/// RFC 8620 5.5
struct comparator {
    std::string property;
    bool is_ascending = true;
    std::string keyword;  // RFC 8621 4.4.2: of hasKeyword and those like it; else ""
};

/// given  null or absent: none
/// wrong  invalidArguments; unsupportedSort for a collation that we do not have
[[nodiscard]] std::vector<comparator> parse_sort(const json::value* given,
                                                 std::optional<method_error>& wrong);

/// Which part of a list is asked for. RFC 8620 5.5
struct list_window {
    std::int64_t position = 0;  // negative: from the end
    std::string anchor;         // an id; "": by position
    std::int64_t anchor_offset = 0;
    std::optional<std::uint64_t> limit;
    bool is_total_wanted = false;  // calculateTotal
};
[[nodiscard]] list_window parse_window(const json::object& arguments,
                                       std::optional<method_error>& wrong);

/// Where it begins in a list of `size`.
/// at_anchor  where the anchor stands; only asked for when there is one
/// RFC        8620 5.5
[[nodiscard]] std::size_t begin_of(const list_window& window,
                                   std::size_t size,
                                   std::size_t at_anchor) noexcept;

}  // namespace hauspost::jmap
