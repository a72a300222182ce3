#pragma once

#include "storage/delivery_store.hpp"
#include "storage/lmdb/account_edit.hpp"
#include "storage/lmdb/message_rows.hpp"
#include "storage/lmdb/write_context.hpp"
#include "storage/mailbox_store.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// One copy in Sent: the server files what is submitted, most mail programs put a copy there
/// themselves, and the two are one message. Which ones belong together is remembered for a day.
namespace hauspost::storage::lmdb {

// Table "filed": account u32, slot u16 -> time i64, mailbox u32, uid u32, blob u64, by u8,
// Message-ID: a message in Sent of this account. Only while the message stands there with that blob
// it says anything. The slot follows from the Message-ID, and the latest one has it: so an account
// has so many rows and no more, whatever it appends and expunges.
inline constexpr std::uint16_t filed_slots = 1024;
enum class filed_by : char { server = 0, mail_program = 1 };

struct filed_copy {
    std::int64_t at = 0;  // Unix seconds
    mailbox_id mailbox;
    hauspost::uid uid;
    blob_id blob;
    filed_by by = filed_by::server;
    std::string message_id = {};
};
[[nodiscard]] std::string encode(const filed_copy& row);
/// Throws  fault when the row is damaged
[[nodiscard]] filed_copy decode_filed(std::string_view octets);
/// "": no message is remembered by this Message-ID, it has none or a longer one than anybody writes.
[[nodiscard]] std::string filed_key(account_id account, std::string_view message_id);

/// A copy of what is delivered, whoever gets it: without the lines in front of it.
[[nodiscard]] new_message delivered_message(const write_context& context,
                                            const delivery_request& request,
                                            const placed_blob& blob);

/// Where the sender's own copy belongs; none: the account wants no copy, has no mailbox for it or no
/// room, or its mail program has put one there already.
[[nodiscard]] std::optional<mailbox_key> place_of_sent_copy(const txn& within,
                                                            const delivery_request& request);
/// Files it there.
void file_sent_copy(write_context& context,
                    mailbox_key box,
                    const delivery_request& request,
                    const placed_blob& blob);

/// For the trace, behind the other steps of the delivery.
void note_sent_copy(write_context& context, const delivery_request& request, blob_id blob);

/// Nothing was filed: the copy that a mail program had put there belongs to this message, and to no
/// other one that bears the same Message-ID.
void pair_with_brought_copy(write_context& context, const delivery_request& request);

/// The server's copy of what a mail program brings now: where it stands, and its flags.
struct copy_to_merge {
    mailbox_key box;
    hauspost::uid uid;
    blob_id blob;
    mail::flag_names flags;
};
[[nodiscard]] std::optional<copy_to_merge> find_copy_to_merge(const txn& within,
                                                              const append_request& request);
/// Takes the server's copy out of its mailbox: the mail program's stands in its place.
void take_merged_copy(write_context& context,
                      account_edit& edit,
                      const append_request& request,
                      const copy_to_merge& copy);
/// Frees what was taken, once the edit is saved: it needs no retention, it has not gone. The trace
/// tells of it.
void free_merged_copy(write_context& context, const copy_to_merge& copy);
/// Remembers what a mail program has put into Sent, so that the server files no second one.
void note_brought_copy(write_context& context,
                       const append_request& request,
                       hauspost::uid id,
                       blob_id blob);

/// Keys of what was filed so long ago that nothing belongs to it any more, up to `limit`.
[[nodiscard]] std::vector<std::string> old_filed_keys(const txn& within,
                                                      std::int64_t now,
                                                      std::size_t limit);

}  // namespace hauspost::storage::lmdb
