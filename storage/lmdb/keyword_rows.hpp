#pragma once

#include "base/result.hpp"
#include "storage/errc.hpp"
#include "storage/lmdb/write_context.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::storage::lmdb {

/// Flags of a message in the numbers of its mailbox: the u32 of the flag block, and the keywords
/// that do not fit in it (table "extra_flags").
struct numbered_flags {
    std::uint32_t bits = 0;
    std::vector<std::uint16_t> extra;  // ascending, each >= mail::flags::in_word
    friend bool operator==(const numbered_flags&, const numbered_flags&) = default;
};

/// The keyword table of a mailbox: number n is at index n.
[[nodiscard]] std::vector<std::string> read_keywords(const txn& within, mailbox_key box);

/// Numbers for names; unknown names get new numbers. Refuses too_many_keywords (nothing is added).
/// known  the mailbox's keywords, as read; new ones are added to it
[[nodiscard]] result<numbered_flags> number_flags(write_context& context,
                                                  mailbox_key box,
                                                  const mail::flag_names& names,
                                                  std::vector<std::string>& known);

/// All names have numbers.
[[nodiscard]] bool are_known(const mail::flag_names& names, const std::vector<std::string>& known);

/// Numbers for those names that have one; others are passed over.
[[nodiscard]] numbered_flags number_known(const mail::flag_names& names,
                                          const std::vector<std::string>& known);

/// The same keywords in words, for a copy into another mailbox.
[[nodiscard]] mail::flag_names name_flags(const numbered_flags& numbers,
                                          const std::vector<std::string>& known);

[[nodiscard]] std::vector<std::uint16_t> read_extra(const txn& within, mailbox_key box, uid id);
void write_extra(write_context& context,
                 mailbox_key box,
                 uid id,
                 const std::vector<std::uint16_t>& extra);

}  // namespace hauspost::storage::lmdb
