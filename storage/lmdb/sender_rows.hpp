#pragma once

#include "base/result.hpp"
#include "storage/lmdb/write_context.hpp"
#include "storage/sending.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// Rows of what accounts send.
namespace hauspost::storage::lmdb {

// Table "sender": account u32 -> sender_row, of accounts that have sent something or are frozen.
// Table "correspondent": account u32, address u64 (XXH3 of its canonical form) -> day u32 of the
// last message to it, in days since 1970.
// Table "correspondent_day": account u32, day u32, address u64 -> (empty): the same, oldest first.

struct sender_row {
    std::optional<frozen_sender> frozen;
    bool owner_told = false;           // of that
    std::uint32_t correspondents = 0;  // rows of table "correspondent"
    std::vector<sent_hour> hours;      // as sender_state::hours, when it last sent
};

namespace sender_rows {

[[nodiscard]] std::string encode(const sender_row& row);
[[nodiscard]] sender_row decode(std::string_view octets);

/// Empty when there is none.
[[nodiscard]] sender_row find(const txn& within, account_id account);
[[nodiscard]] bool is_frozen(const txn& within, account_id account);
/// Those of the last day.
[[nodiscard]] std::vector<sent_hour> hours_of(const sender_row& row, std::int64_t now);

/// The one that goes on: the last of them, which is added when it has just begun.
[[nodiscard]] sent_hour& current_hour(std::vector<sent_hour>& hours, std::int64_t now);

[[nodiscard]] std::uint64_t hash_of(std::string_view canonical_address);
[[nodiscard]] std::string correspondent_key(account_id account, std::uint64_t address);
[[nodiscard]] std::string day_key(account_id account, std::uint32_t day, std::uint64_t address);
/// Of a key of "correspondent_day".
[[nodiscard]] std::uint32_t day_of(std::string_view day_key);
/// Of these those to which the account has not written.
[[nodiscard]] std::set<mail_address> new_ones(const txn& within,
                                              account_id account,
                                              const std::vector<mail_address>& addresses);

}  // namespace sender_rows

void put_sender(write_txn& tx, account_id account, const sender_row& row);

/// May the account send this?
/// Returns  no_such_account, sending_frozen, over_sending_limit
[[nodiscard]] error_code refuse_submission(const txn& within,
                                           const submission& wanted,
                                           std::int64_t now);
/// Counts a message that may be sent, and remembers to whom it goes.
/// most     correspondents; beyond it the longest unseen are forgotten
/// Returns  to whom the account had not written before
std::set<mail_address> count_submission(write_context& context,
                                        const submission& sent,
                                        std::uint32_t most);

/// Forgets correspondents of before a day (since 1970; UINT32_MAX: of all days), at most so many.
/// Returns  how many
std::size_t forget_correspondents(write_context& context,
                                  account_id account,
                                  std::uint32_t before_day,
                                  std::size_t most);
/// The account goes. That it is frozen stays: what it has in the queue never leaves.
void forget_sender(write_context& context, account_id account);

/// Lets go what an account has in the queue, at most so many recipients.
/// Returns  how many
std::size_t release_frozen(write_context& context, account_id account, std::size_t most);

}  // namespace hauspost::storage::lmdb
