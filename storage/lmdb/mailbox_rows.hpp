#pragma once

#include "base/result.hpp"
#include "storage/errc.hpp"
#include "storage/lmdb/account_edit.hpp"
#include "storage/mailbox_store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hauspost::storage::lmdb {

inline constexpr std::size_t max_mailbox_name_octets = 255;
inline constexpr std::size_t max_mailbox_depth = 20;

/// "inbox" in any case is INBOX; other names come in NFC.
[[nodiscard]] std::string canonical_name(std::string name);
/// No control octets, no empty level, at most 255 octets and 20 levels, well-formed UTF-8.
[[nodiscard]] bool is_valid_name(std::string_view name);

[[nodiscard]] std::optional<mailbox_id> find_mailbox(const txn& within,
                                                     account_id account,
                                                     std::string_view name);
[[nodiscard]] std::optional<schema::mailbox_row> find_mailbox_row(const txn& within,
                                                                  mailbox_key box);
/// It is there and not about to go.
[[nodiscard]] bool is_mailbox(const txn& within, mailbox_key box);
/// The same, and not only the parent of others.
[[nodiscard]] bool is_selectable(const txn& within, mailbox_key box);
[[nodiscard]] mailbox_info describe_mailbox(const txn& within, mailbox_key box);
[[nodiscard]] mailbox_info describe_mailbox(const txn& within,
                                            mailbox_key box,
                                            const schema::mailbox_row& row);
/// INBOX first, then by name.
[[nodiscard]] std::vector<named_mailbox> list_names(const txn& within, account_id account);
[[nodiscard]] std::vector<mailbox_info> list_mailboxes(const txn& within, account_id account);

/// INBOX and the special-use mailboxes of a new account.
void make_first_mailboxes(write_context& context, account_edit& edit, account_id account);

[[nodiscard]] result<mailbox_id> create_mailbox(write_context& context,
                                                account_edit& edit,
                                                account_id account,
                                                const std::string& name,
                                                mail::special_use use,
                                                std::size_t max_mailboxes);

/// Takes the name away. Returns the mailbox whose messages have to be taken out next (it is
/// marked as going), or 0 when it stays as the parent of others with its messages taken out all the
/// same.
[[nodiscard]] result<mailbox_id> begin_removal(write_context& context,
                                               account_edit& edit,
                                               account_id account,
                                               const std::string& name);
/// The mailbox is empty: its last rows go.
void finish_removal(write_context& context, account_edit& edit, mailbox_key box);

[[nodiscard]] bool has_mailboxes(const txn& within, account_id account);
/// Of an account with more mailboxes than `most` lets so many go, but not INBOX.
/// Returns  false: it has no more than that, and nothing was done
bool begin_some_removals(write_context& context, account_id account, std::size_t most);
/// Takes all names of an account away, and its rights, and marks its mailboxes as going. While its
/// row is still there.
void begin_account_removal(write_context& context, account_id account);

/// Everything but INBOX, which the caller handles by moving its messages.
[[nodiscard]] error_code rename_mailboxes(write_context& context,
                                          account_edit& edit,
                                          account_id account,
                                          const std::string& from,
                                          const std::string& to,
                                          std::size_t max_mailboxes);

}  // namespace hauspost::storage::lmdb
