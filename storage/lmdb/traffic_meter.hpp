#pragma once

#include "storage/lmdb/write_context.hpp"
#include "storage/traffic.hpp"

#include <chrono>
#include <mutex>

namespace hauspost::storage::lmdb {

/// Counts what passes, and writes it with the commits that there are.
class traffic_meter {
public:
    /// For what no operation of the store tells. Thread: any.
    void note(const traffic& passed) noexcept;
    /// Something has been waiting for so long. Thread: any.
    [[nodiscard]] bool is_waiting(std::chrono::steady_clock::duration at_least) const;

    /// Behind all operations, before the commit. Writer thread; a commit that failed is followed by
    /// another try, which counts the same again.
    void write(write_context& context);
    /// After the commit. Writer thread.
    void committed() noexcept;

private:
    mutable std::mutex mutex_;
    traffic noted_;                                // and not written yet
    std::chrono::steady_clock::time_point since_;  // of the first of these
    traffic in_hand_;  // of them, what stands in the commit that is under way; writer thread
};

}  // namespace hauspost::storage::lmdb
