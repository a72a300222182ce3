#pragma once

#include "storage/lmdb/write_context.hpp"
#include "storage/sharing_store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::storage {

/// The account that has this address as its own (no alias).
[[nodiscard]] std::optional<account_id> find_account_id(const txn& within,
                                                        std::string_view address);

/// What somebody may do with a mailbox of another account: his own rights and those of anyone when
/// both are of one domain.
[[nodiscard]] rights_set rights_of(const txn& within,
                                   mailbox_key box,
                                   account_id viewer,
                                   bool is_same_domain);

/// sharing_store::find_shared and list_shared on an open transaction.
[[nodiscard]] std::optional<shared_mailbox> find_shared_mailbox(const txn& within,
                                                                account_id viewer,
                                                                std::string_view owner,
                                                                std::string_view name);
[[nodiscard]] std::vector<shared_mailbox> list_shared_mailboxes(const txn& within,
                                                                account_id viewer);
[[nodiscard]] std::vector<grant> list_grants(const txn& within, mailbox_key box);

/// grantee 0: anyone. No rights: the row goes.
void put_rights(write_context& context, mailbox_key box, account_id grantee, rights_set rights);
/// A new mailbox takes those of its parent (RFC 4314 4).
void inherit_rights(write_context& context, mailbox_key parent, mailbox_key child);
/// Nobody may do anything with it any more. While the owner's row is still there.
void drop_rights(write_context& context, mailbox_key box);
/// All that was given to an account.
void drop_grants_to(write_context& context, account_id grantee);

}  // namespace hauspost::storage
