#pragma once

#include "storage/expunged_message.hpp"
#include "storage/heading_reader.hpp"
#include "storage/lmdb/env.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::storage::lmdb {

/// Says which rows of table "expunged" a filter lets through. One thread at a time.
class expunged_match {
public:
    expunged_match(expunged_filter wanted, const heading_reader& headings);

    [[nodiscard]] const expunged_filter& wanted() const noexcept { return wanted_; }
    /// Rows that may be looked at in one snapshot: some 5 ms.
    [[nodiscard]] std::size_t rows_of_a_slice() const noexcept;
    /// Not of the time, which is the walk's business.
    /// value  of the row
    [[nodiscard]] bool lets_through(const txn& within,
                                    const expunged_place& place,
                                    std::string_view value);
    /// Of a row.
    [[nodiscard]] message_heading heading_of(const txn& within,
                                             const expunged_place& place,
                                             std::string_view value) const;

private:
    [[nodiscard]] bool is_in_mailbox(const txn& within, const expunged_place& place);
    [[nodiscard]] bool has(const std::string& text, const std::string& piece) const;

    expunged_filter wanted_;  // its texts without case
    const heading_reader& headings_;
    std::map<account_id, std::vector<mailbox_id>> named_;  // mailboxes that had the name
};

/// Gathers keys of rows that a filter lets through, the oldest first, account after account, in
/// slices of a snapshot each.
///
/// Calling sequence: construct; next() until it is false; take() whenever there are enough, and at
/// the end.
class expunged_collection {
public:
    expunged_collection(std::vector<account_id> accounts,
                        expunged_filter wanted,
                        const heading_reader& headings);

    /// Looks at the next rows. False: that was all.
    bool next(const txn& within);
    [[nodiscard]] std::vector<std::string> take();
    [[nodiscard]] bool is_full() const noexcept { return keys_.size() >= keys_at_once; }

private:
    static constexpr std::size_t keys_at_once = 500;

    bool walk(const txn& within, account_id account, std::size_t& left);

    std::vector<account_id> accounts_;  // the next one is the last
    expunged_match match_;
    std::string from_;  // the next key; "": the first of the account
    std::vector<std::string> keys_;
};

}  // namespace hauspost::storage::lmdb
