#pragma once

#include "protocols/jmap/filter.hpp"
#include "protocols/jmap/session/mailbox_object.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::jmap {

/// What a Mailbox/query asks for.
struct mailbox_question {
    std::vector<filter_node> nodes;  // point into the arguments
    std::vector<std::string> names;  // of each node: its "name" as names are compared; else ""
    std::vector<comparator> sort;
    bool sorts_as_tree = false, filters_as_tree = false;

    /// How often one mailbox is looked at.
    [[nodiscard]] std::size_t looks() const noexcept { return nodes.size() + sort.size(); }
};

/// arguments  of Mailbox/query: filter, sort, sortAsTree, filterAsTree; outlive the question
/// wrong      invalidArguments, unsupportedFilter, unsupportedSort
[[nodiscard]] mailbox_question parse_mailbox_question(const json::object& arguments,
                                                      std::optional<method_error>& wrong);

/// Which mailboxes a query finds, in their order, as places in `list`. RFC 8621 2.3
[[nodiscard]] std::vector<std::size_t> query_mailboxes(const std::vector<mailbox_object>& list,
                                                       const mailbox_question& asked);

}  // namespace hauspost::jmap
