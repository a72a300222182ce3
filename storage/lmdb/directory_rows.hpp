#pragma once

#include "storage/directory_store.hpp"
#include "storage/lmdb/write_context.hpp"

#include <optional>
#include <string_view>

namespace hauspost::storage::lmdb {

/// Rows of accounts, aliases and domains. What is put gets a new version; all that changes the
/// directory is noted for the change feed.

/// What stands at exactly this address.
[[nodiscard]] directory_entry read_address(const txn& within, std::string_view name);
[[nodiscard]] std::optional<domain> find_domain_row(const txn& within, std::string_view name);

/// The row alone: its address is there already.
void put_account(write_context& context, account row);
/// The same for an account that is new at its address.
void put_account_and_address(write_context& context, const account& row);
void put_alias(write_context& context, alias row);
void put_domain(write_context& context, domain row);
/// An account's or an alias's.
void remove_address(write_context& context, std::string_view name);
void remove_account_row(write_context& context, account_id id);
void remove_domain_row(write_context& context, std::string_view name);

}  // namespace hauspost::storage::lmdb
