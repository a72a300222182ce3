#include "storage/lmdb/check_queue.hpp"

#include "base/octets.hpp"
#include "storage/lmdb/queue_rows.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <map>
#include <set>

namespace hauspost::storage::lmdb {
namespace {

class queue_checker {
public:
    queue_checker(const txn& tx, function_ref<void(std::string)> find) : tx_(tx), find_(find) {}

    void run(blob_counts& counted) {
        check_messages(counted);
        check_recipients();
        check_times();
        check_tracks();
    }

private:
    void check_messages(blob_counts& counted) {
        cursor at(tx_, table::queue);
        for (bool more = at.first(); more; more = at.next()) {
            const queue_id id(load_be<std::uint64_t>(at.key().data()));
            auto item = queue_rows::decode(id, at.value());
            ++counted[item.blob];
            items_.emplace(id, std::move(item));
        }
    }

    void check_recipients() {
        std::set<queue_id> found;
        cursor at(tx_, table::queue_recipient);
        for (bool more = at.first(); more; more = at.next()) {
            const auto place = queue_rows::place_of(at.key());
            const auto item = items_.find(place.id);
            if (item == items_.end()) {
                find_(fmt::format("recipient {} of queue item {} has no message", place.number,
                                  place.id.value()));
                continue;
            }
            found.insert(place.id);
            const auto recipient = queue_rows::decode_recipient(place.number, at.value());
            if (recipient.frozen) {
                ++frozen_;
                if (!tx_.get(table::frozen_mail,
                             queue_rows::frozen_key(item->second.sender, place)))
                    find_(fmt::format("recipient {} of queue item {} is frozen and not found",
                                      place.number, place.id.value()));
            }
            auto track = queue_rows::track_of(item->second, recipient);
            if (!track) continue;
            ++timed_;
            if (!tx_.get(table::due, queue_rows::due_key(*track, recipient.due_at, place)))
                find_(fmt::format("recipient {} of queue item {} has no due row", place.number,
                                  place.id.value()));
            tracks_.insert(std::move(*track));
        }
        for (const auto& [id, item] : items_)
            if (!found.contains(id))
                find_(fmt::format("queue item {} has no recipients", id.value()));
    }

    void check_times() {
        const auto times = tx_.count(table::due);
        if (timed_ != times)
            find_(fmt::format("{} queued recipients have {} due rows", timed_, times));
        if (frozen_ != tx_.count(table::frozen_mail))
            find_(fmt::format("{} frozen recipients have {} rows", frozen_,
                              tx_.count(table::frozen_mail)));
    }

    void check_tracks() {
        for (const auto& track : tracks_) {
            const auto due = queue_rows::due_time(tx_, track);
            const auto stored = tx_.get(table::track, queue_rows::track_key(track));
            if (!due) continue;  // said by check_recipients
            if (!stored || load_le<std::int64_t>(stored->data()) != *due ||
                !tx_.get(table::track_due, queue_rows::track_due_key(track, *due)))
                find_(fmt::format("mail to \"{}\" is not found when it is due", track.domain));
        }
        for (const auto which : {table::track, table::track_due})
            if (tx_.count(which) != tracks_.size())
                find_(fmt::format("mail to {} places has {} rows of their times", tracks_.size(),
                                  tx_.count(which)));
        cursor at(tx_, table::put_off);
        for (bool more = at.first(); more; more = at.next()) {
            const std::string domain(at.key());
            if (!tracks_.contains({queue_lane::people, domain}) &&
                !tracks_.contains({queue_lane::bulk, domain}))
                find_(fmt::format("\"{}\" is put off, and no mail waits for it", domain));
        }
    }

    const txn& tx_;
    function_ref<void(std::string)> find_;
    std::map<queue_id, queue_item> items_;
    std::set<queue_track> tracks_;
    std::size_t timed_ = 0;
    std::size_t frozen_ = 0;
};

}  // namespace

void check_queue(const txn& within, function_ref<void(std::string)> find, blob_counts& counted) {
    queue_checker(within, find).run(counted);
}

}  // namespace hauspost::storage::lmdb
