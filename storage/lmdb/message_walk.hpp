#pragma once

#include "base/function_ref.hpp"
#include "storage/lmdb/env.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/mailbox_store.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hauspost::storage::lmdb {

/// One slice of a message_cursor, on an open transaction: visits messages in UID order.
class message_walk {
public:
    using visitor = function_ref<bool(const message_view&)>;

    /// since  only messages with a higher modseq
    message_walk(const txn& within, mailbox_key box, walk_detail detail, std::uint64_t since);

    /// Returns  the first UID that was not visited; 0: the ranges are done
    [[nodiscard]] uid run(std::span<const mail::uid_range> ranges,
                          std::size_t max_messages,
                          visitor visit);

private:
    /// False: the walk ends before go_on_.
    bool visit_block(std::uint32_t number,
                     const schema::flag_block_view& block,
                     std::uint64_t bits,
                     visitor visit);
    void look_at(uid id, unsigned n, const schema::flag_block_view& block);
    void look_at_row(uid id);

    const txn& within_;
    const mailbox_key box_;
    const walk_detail detail_;
    const std::uint64_t since_;
    const bool has_extra_keywords_;
    std::optional<cursor> rows_;  // not for flags only
    bool is_positioned_ = false;  // rows_ stands at the message before
    std::size_t left_ = 0;        // messages that may be visited
    uid go_on_;

    message_view view_;
    std::string summary_;  // what view_.summary shows, when it was put together
    std::vector<std::uint16_t> extra_keywords_;  // what view_ points to
};

}  // namespace hauspost::storage::lmdb
