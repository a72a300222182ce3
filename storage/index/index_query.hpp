#pragma once

#include "storage/search_index.hpp"

#include <xapian.h>

namespace hauspost::storage::index {

/// What the open database knows of a needle. Reads files: not on a network thread.
/// Throws  Xapian::Error
[[nodiscard]] needle_candidates find_candidates(const Xapian::Database& db, const needle& wanted);

}  // namespace hauspost::storage::index
