#pragma once

#include "storage/lmdb/write_context.hpp"
#include "storage/sharing_store.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::storage::lmdb {

// Whoever is given rights lists those mailboxes again and again, and cannot refuse them: so it is
// limited how many one account gives. A new mailbox takes the rights of the one above it, and
// counts.
inline constexpr std::size_t max_owner_grants = 4000;   // of all mailboxes of one account
inline constexpr std::size_t max_grants_to_one = 1000;  // of these, to the same identifier

/// The account that has this address as its own (no alias).
[[nodiscard]] std::optional<account_id> find_account_id(const txn& within,
                                                        std::string_view address);

/// What somebody may do with a mailbox of another account: his own rights and those of anyone when
/// both are of one domain.
[[nodiscard]] mail::rights_set rights_of(const txn& within,
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
/// Sorted by owner and name.
[[nodiscard]] std::vector<named_share> list_shared_names(const txn& within, account_id viewer);
[[nodiscard]] std::vector<shared_mailbox> describe_shares(const txn& within,
                                                          account_id viewer,
                                                          std::span<const named_share> some);
[[nodiscard]] std::vector<grant> list_grants(const txn& within, mailbox_key box);

/// May an account give rights to one more mailbox to somebody (0: anyone), see max_owner_grants?
[[nodiscard]] bool may_grant(const txn& within, account_id owner, account_id grantee);
/// May it make so many mailboxes more below this one, each with the same rights?
[[nodiscard]] bool may_inherit(const txn& within, mailbox_key parent, std::size_t mailboxes);

/// grantee 0: anyone. No rights: the row goes.
void put_rights(write_context& context,
                mailbox_key box,
                account_id grantee,
                mail::rights_set rights);
/// A new mailbox takes those of its parent (RFC 4314 4).
void inherit_rights(write_context& context, mailbox_key parent, mailbox_key child);
/// Nobody may do anything with it any more. While the owner's row is still there.
void drop_rights(write_context& context, mailbox_key box);
/// What was given to an account, at most so much.
/// Returns  how much that was
std::size_t drop_grants_to(write_context& context, account_id grantee, std::size_t most = SIZE_MAX);

}  // namespace hauspost::storage::lmdb
