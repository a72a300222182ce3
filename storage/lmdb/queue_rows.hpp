#pragma once

#include "storage/lmdb/env.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/queue_item.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// Rows of mail that waits to leave. A message has a row, each of its recipients another one. What is
/// due is found without looking at what is not: recipients stand in the order of their time within
/// their *track*, and tracks in the order of theirs.
namespace hauspost::storage::lmdb {

/// Recipients that are delivered one after the other: those of one domain, in one lane. The domain is
/// empty for recipients whose senders are to be told.
struct queue_track {
    queue_lane lane = queue_lane::people;
    std::string domain;
    friend auto operator<=>(const queue_track&, const queue_track&) = default;
};

struct recipient_place {
    queue_id id;
    std::uint32_t number = 0;
};

namespace queue_rows {

// Table "queue": queue id u64 -> what all recipients share.
// Table "queue_recipient": queue id u64, number u32 -> record.
// Table "due": lane u8, domain, 0 u8, due time u64, queue id u64, number u32 -> (empty), for each
// recipient that is neither held nor frozen.
// Table "track": lane u8, domain -> due time u64 of its first recipient, or when it is put off until.
// Table "track_due": lane u8, that due time u64, domain -> (empty).
// Table "put_off": domain -> u64: nothing of it is due before.
// Table "frozen_mail": sender u32, queue id u64, number u32 -> (empty), for each recipient that is
// frozen.
[[nodiscard]] std::string recipient_key(recipient_place at);
[[nodiscard]] recipient_place place_of(std::string_view recipient_key);
[[nodiscard]] std::string due_prefix(const queue_track& track);
[[nodiscard]] std::string due_key(const queue_track& track,
                                  std::int64_t due_at,
                                  recipient_place at);
[[nodiscard]] std::string frozen_key(account_id sender, recipient_place at);
/// Of the end of a key of "due".
[[nodiscard]] std::int64_t due_of(std::string_view due_key);
[[nodiscard]] recipient_place due_place(std::string_view due_key);
[[nodiscard]] std::string track_key(const queue_track& track);
[[nodiscard]] queue_track track_of(std::string_view track_key);
[[nodiscard]] std::string track_due_key(const queue_track& track, std::int64_t due_at);
/// The track of a recipient; nullopt: it is held or frozen.
[[nodiscard]] std::optional<queue_track> track_of(const queue_item& item,
                                                  const queue_recipient& recipient);

/// Without recipients.
[[nodiscard]] std::string encode(const queue_item& item);
[[nodiscard]] queue_item decode(queue_id id, std::string_view octets);
[[nodiscard]] std::string encode(const queue_recipient& recipient);
[[nodiscard]] queue_recipient decode_recipient(std::uint32_t number, std::string_view octets);

/// When the track is due, out of "due" and "put_off"; nullopt: nothing is in it.
[[nodiscard]] std::optional<std::int64_t> due_time(const txn& within, const queue_track& track);

/// Without recipients.
[[nodiscard]] std::optional<queue_item> find(const txn& within, queue_id id);
[[nodiscard]] std::vector<queue_recipient> recipients_of(const txn& within, queue_id id);

}  // namespace queue_rows

/// Changes of the queue in one transaction. All of them are followed by save(), which brings the
/// order of the tracks up to date.
class queue_edit {
public:
    explicit queue_edit(write_txn& tx) : tx_(tx) {}

    /// A new message with its recipients, which get their numbers.
    void add(queue_item item);
    /// Writes a recipient of which the row was `before`.
    void replace(const queue_item& item,
                 const queue_recipient& before,
                 const queue_recipient& after);
    /// Takes a recipient out, and the message with its last one: then true, and the caller drops
    /// the reference to its octets.
    [[nodiscard]] bool remove(const queue_item& item, const queue_recipient& recipient);
    /// Nothing of the domain is due before; 0: it may be at once.
    void put_off(const std::string& domain, std::int64_t until);
    void save();

private:
    void take_from_track(const queue_item& item, const queue_recipient& recipient);
    void put_into_track(const queue_item& item, const queue_recipient& recipient);

    write_txn& tx_;
    std::set<queue_track> touched_;
};

}  // namespace hauspost::storage::lmdb
