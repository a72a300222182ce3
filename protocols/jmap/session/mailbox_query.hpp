#pragma once

#include "protocols/jmap/filter.hpp"
#include "protocols/jmap/session/mailbox_object.hpp"

#include <optional>
#include <vector>

namespace hauspost::jmap {

/// Which mailboxes a query finds, in their order, as places in `list`. RFC 8621 2.3
///
/// arguments  of Mailbox/query: filter, sort, sortAsTree, filterAsTree
/// wrong      invalidArguments, unsupportedFilter, unsupportedSort
[[nodiscard]] std::vector<std::size_t> query_mailboxes(const std::vector<mailbox_object>& list,
                                                       const json::object& arguments,
                                                       std::optional<method_error>& wrong);

}  // namespace hauspost::jmap
