#pragma once

#include "base/function_ref.hpp"
#include "storage/trace_event.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace hauspost::storage::lmdb {

/// Steps of the trace that belong to no change of the store and wait for the next one.
class trace_notes {
public:
    /// Beyond max_waiting it is dropped and counted. Thread: any.
    void add(trace_event event) noexcept;
    /// Steps that nobody will write. Thread: any.
    void count_lost(std::size_t steps) noexcept;
    /// Something has been waiting for so long. Thread: any.
    [[nodiscard]] bool is_waiting(std::chrono::steady_clock::duration at_least) const;

    /// Hands out what waits, at the end how many were lost. All of it is handed out again until
    /// forget_written(). These three on the writer thread.
    void hand_out(function_ref<void(const trace_event&)> write);
    /// After the commit.
    void forget_written() noexcept;
    /// In place of hand_out() where there is no room: all of it is lost.
    void drop() noexcept;

    static constexpr std::size_t max_waiting = 4096;

private:
    void take_in_hand();

    mutable std::mutex mutex_;
    std::vector<trace_event> waiting_;
    std::uint64_t lost_ = 0;
    std::chrono::steady_clock::time_point since_;  // of the first that waits
    bool is_any_ = false;                          // waiting, or in hand and not written
    // Of the writer thread:
    std::vector<trace_event> in_hand_;
    std::uint64_t lost_in_hand_ = 0;
};

}  // namespace hauspost::storage::lmdb
