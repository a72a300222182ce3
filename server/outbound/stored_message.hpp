#pragma once

#include "protocols/smtp/client/outgoing_message.hpp"
#include "storage/blob_store.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hauspost::outbound {

/// The octets of a message that waits to leave: header lines in front of it, then its blob, read a
/// piece at a time.
///
/// Memory: one piece. Lifetime: the store must outlive it. Thread: any, one at a time.
class stored_message final : public smtp::message_source {
public:
    static constexpr std::size_t piece_octets = 64 * 1024;

    /// skip  so many of the blob's first octets are left out: `prefix` stands for them, too
    stored_message(storage::blob_store& blobs,
                   blob_id blob,
                   std::string prefix,
                   std::uint64_t skip = 0)
        : blobs_(blobs), blob_(blob), prefix_(std::move(prefix)), at_(skip) {}

    /// Refuses  no_such_message, busy
    /// Throws   storage::fault
    awaitable<result<std::string_view>> next() override;

private:
    storage::blob_store& blobs_;
    const blob_id blob_;
    const std::string prefix_;
    bool is_prefix_given_ = false;
    bool is_over_ = false;
    std::uint64_t at_;  // in the blob
    std::string piece_;
};

}  // namespace hauspost::outbound
