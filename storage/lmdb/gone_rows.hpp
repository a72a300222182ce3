#pragma once

#include "storage/lmdb/account_edit.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/lmdb/write_context.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::storage::lmdb {

/// Of so many mailboxes of an account the names are remembered; those that were made first are
/// forgotten. Who makes and removes mailboxes all day does not fill the disk.
inline constexpr std::size_t max_gone_mailboxes = 2000;

/// Remembers name, use and keywords of a mailbox whose last rows are about to go, when there have
/// been messages in it.
void note_gone_mailbox(write_context& context, account_edit& edit, mailbox_key box);
[[nodiscard]] std::optional<schema::gone_mailbox> find_gone_mailbox(const txn& within,
                                                                    mailbox_key box);
/// All of one account's.
void forget_gone_mailboxes(write_context& context, account_id account);
/// Keys of rows of mailboxes that went at this time or before, at most so many, from `from` on; and
/// where to go on ("": that is all).
[[nodiscard]] std::vector<std::string> old_gone_mailboxes(const txn& within,
                                                          std::int64_t at,
                                                          std::size_t limit,
                                                          std::string& from);

/// Where a message was that is no more.
struct former_mailbox {
    std::string name;  // "": nobody knows
    mail::special_use use = mail::special_use::none;
    std::vector<std::string> keywords;
    bool is_gone = true;  // or about to go
};
[[nodiscard]] former_mailbox find_former_mailbox(const txn& within, mailbox_key box);

/// Mailboxes of an account by their names: those that are there, and those that are gone, of which
/// several may have had one name.
struct known_mailbox {
    mailbox_id id;
    std::string name;
};
[[nodiscard]] std::vector<known_mailbox> list_former_mailboxes(const txn& within,
                                                               account_id account);

}  // namespace hauspost::storage::lmdb
