#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "protocols/imap/response/fetch_section.hpp"
#include "protocols/message/part_decoder.hpp"
#include "storage/blob_store.hpp"

#include <string>
#include <string_view>

namespace hauspost::imap {

/// Reads a section of a message without its transfer encoding, in pieces of some 64 KiB.
///
/// Calling sequence: next() until it gives "". Holds two pieces at most.
/// RFC  3516 4.3
class binary_reader {
public:
    /// prefix  must outlive it
    binary_reader(storage::blob_store& blobs,
                  blob_id blob,
                  std::string_view prefix,
                  section_octets where,
                  message::transfer_encoding how);

    /// The view lives until the next call. "": that was all.
    /// Refuses  storage::errc::no_such_message when the blob is gone or shorter than it should be
    awaitable<result<std::string_view>> next();

private:
    awaitable<error_code> read_piece();

    storage::blob_store& blobs_;
    blob_id blob_;
    std::string_view prefix_;
    section_octets where_;
    std::size_t piece_ = 0;
    message::part_decoder decoder_;
    std::string raw_;
    std::string decoded_;
    bool is_finished_ = false;
};

}  // namespace hauspost::imap
