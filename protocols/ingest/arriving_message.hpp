#pragma once

#include "base/awaitable.hpp"
#include "base/function_ref.hpp"
#include "base/result.hpp"
#include "base/worker_pool.hpp"
#include "storage/blob_store.hpp"
#include "storage/summary_maker.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

/// How a message enters, whoever brings it: an SMTP server, a mail program, the server itself.
namespace hauspost::ingest {

struct ports {
    storage::blob_store& blobs;
    const storage::summary_maker& summaries;
    worker_pool& workers;
};

/// A message on its way into the store: its octets are staged as they come, and read once when all
/// are there. Which mailboxes it goes to is the business of the caller, who commits blob().
///
/// Calling sequence: write(...) as octets come, finish() once, blob(). The first refusal is the
/// answer to all that follows.
///
/// Lifetime: what the ports name must outlive it. Without a commit nothing stays behind.
/// Throws    storage::fault, where it waits for the disk
/// Thread    any, one at a time; all resume on the caller's executor
class arriving_message {
public:
    /// A larger message is read on a worker thread (about 1 ms per megabyte).
    static constexpr std::size_t max_octets_in_place = 128 * 1024;

    explicit arriving_message(const ports& with) : ports_(with), blob_(with.blobs.stage()) {}

    /// Refuses  disk_full, busy
    awaitable<error_code> write(std::string_view octets);

    /// So far.
    [[nodiscard]] std::uint64_t octets() const noexcept { return blob_->octets(); }

    /// No more octets follow. Gives what is to be kept beside them; the tree of its parts is in
    /// there (message::decode), so that nobody parses it again.
    ///
    /// also     sees all octets on the thread that reads them, for what else the caller wants to know
    /// Refuses  disk_full; busy: also when the workers have too much to do
    awaitable<result<storage::message_summary>> finish(
        function_ref<void(std::string_view octets)> also);
    awaitable<result<storage::message_summary>> finish();

    [[nodiscard]] const std::shared_ptr<storage::staged_blob>& blob() const noexcept {
        return blob_;
    }

private:
    ports ports_;
    std::shared_ptr<storage::staged_blob> blob_;
    error_code refused_;
};

}  // namespace hauspost::ingest
