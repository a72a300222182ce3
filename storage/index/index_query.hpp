#pragma once

#include "storage/index/catalogue.hpp"
#include "storage/search_index.hpp"

namespace hauspost::storage::index {

/// What the index knows of a needle. Reads files: not on a network thread.
/// Throws  damaged_index
[[nodiscard]] needle_candidates find_candidates(const index_snapshot& index, const needle& wanted);

}  // namespace hauspost::storage::index
