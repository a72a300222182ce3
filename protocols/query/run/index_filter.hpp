#pragma once

#include "protocols/query/search.hpp"
#include "storage/search_index.hpp"
#include "storage/types.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::query {

/// What the full-text index says about a search: which messages cannot match it.
///
/// Calling sequence: construct; ask the index for needles(), unless there are none; take() its
/// answer; may_match() for each message. A message that may match has to be searched.
/// Lifetime: borrows the program.
class index_filter {
public:
    /// Texts of one search that the index is asked for; of more, the rest is not.
    static constexpr std::size_t max_needles = 16;

    explicit index_filter(const search_program& program);

    /// Empty: the index cannot help.
    [[nodiscard]] const std::vector<storage::needle>& needles() const noexcept { return needles_; }
    /// False: the answer says nothing about this mailbox.
    [[nodiscard]] bool take(storage::index_answer answer, mailbox_id mailbox);
    /// message  at least with its row's head
    [[nodiscard]] bool may_match(const storage::message_view& message) const;

private:
    [[nodiscard]] bool may(std::size_t at, const storage::message_view& message) const;
    [[nodiscard]] bool may_hold(std::size_t needle, const storage::message_view& message) const;

    const std::vector<search_key>& keys_;
    std::vector<storage::needle> needles_;
    std::vector<std::size_t> needle_of_key_;  // needles_.size(): none
    storage::index_answer answer_;
    uid covered_below_;
};

/// Whether header lines that only a copy has (message_view::prefix) may hold a text. The index does
/// not know them.
/// text  casemapped
[[nodiscard]] bool prefix_may_hold(std::string_view prefix, std::string_view text);

}  // namespace hauspost::query
