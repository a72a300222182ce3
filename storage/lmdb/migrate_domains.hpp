#pragma once

#include "storage/lmdb/env.hpp"

namespace hauspost::storage::lmdb {

/// 5 -> 6: domains stand in A-labels wherever an address does; before they stood as they were
/// typed, in U-labels mostly.
///
/// Two rows that become one: mail came to the one with U-labels, which therefore keeps the name. An
/// account that loses it gets a number ("ann.2@..."), which is logged; an alias is given up.
void spell_domains_in_a_labels(write_txn& tx);

}  // namespace hauspost::storage::lmdb
