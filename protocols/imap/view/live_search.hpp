#pragma once

#include "protocols/imap/view/uid_bits.hpp"
#include "protocols/query/search.hpp"
#include "protocols/query/sort.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace hauspost::imap {

/// A search or sort whose result the client is kept informed of: RETURN (UPDATE), RFC 5267 4.3. It
/// lives as long as the mailbox is selected, or until CANCELUPDATE.
struct live_search {
    std::string tag;  // of the command that began it
    bool by_uid = false;
    query::search_program program;  // as it came; without sequence numbers and `$`
    uid_bits found;
    std::vector<query::sort_criterion> criteria;  // of a sort: those that no score decides
    std::vector<uid> order;                       // of a sort: what was found, as the client has it

    [[nodiscard]] bool is_sort() const noexcept { return !criteria.empty(); }
};

// RFC 5267 4.3.1 wants one at least. Each costs a search in what has changed, at every change.
inline constexpr std::size_t max_live_searches = 8;
// Four octets each of session memory.
inline constexpr std::size_t max_live_order = 100'000;
// For the place of each some 17 rows are read.
inline constexpr std::size_t max_live_inserts = 1'000;

}  // namespace hauspost::imap
