#pragma once

#include "storage/directory_store.hpp"
#include "storage/forward_store.hpp"
#include "storage/lmdb/write_context.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::storage::lmdb {

// Table "forward_state": by, 0 u8, XXH3 of the target u64 -> target text, refusals u32, since i64,
// last i64, suspended i64 (0: it is not), reply text. A key has no room for two addresses.

[[nodiscard]] forward_state decode_forward_state(std::string_view key, std::string_view octets);

[[nodiscard]] std::optional<forward_state> find_forward_state(const txn& within,
                                                              const forward_way& way);
/// by  "": of all
[[nodiscard]] std::vector<forward_state> list_forward_states(const txn& within,
                                                             std::string_view by);
void put_forward_state(write_context& context, const forward_state& row);
void remove_forward_state(write_context& context, const forward_way& way);

/// How a catch-all is called: "@example.org".
[[nodiscard]] inline std::string catch_all_name(std::string_view domain) {
    return '@' + std::string(domain);
}

/// What does not lead to a target any more is forgotten.
void keep_forward_states(write_context& context,
                         std::string_view by,
                         const std::vector<mail_address>& targets);

/// The targets that get nothing at present.
[[nodiscard]] std::vector<mail_address> suspended_targets(const txn& within, std::string_view by);

/// Whether the directory has this way now.
[[nodiscard]] bool leads_to(const txn& within, const forward_way& way);

}  // namespace hauspost::storage::lmdb
