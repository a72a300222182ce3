#pragma once

#include "storage/lmdb/write_context.hpp"
#include "storage/sign_in.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

namespace hauspost::storage::lmdb {

/// Sign-ins on their way to the next commit. What was noted a short time ago in the same words is not noted again.
class sign_in_notes {
public:
    static constexpr std::size_t max_waiting = 2000;       // beyond them they are dropped
    static constexpr std::size_t max_remembered = 20'000;  // then all are forgotten

    /// at  Unix seconds. Thread: any
    void add(const sign_in& seen, std::int64_t at) noexcept;
    /// Something has been waiting for so long. Thread: any.
    [[nodiscard]] bool is_waiting(std::chrono::steady_clock::duration at_least) const;

    /// Behind all operations, before the commit. Writer thread; a commit that failed is followed by another try,
    /// which writes the same again.
    void write(write_context& context);
    /// After the commit. Writer thread.
    void committed() noexcept;

private:
    struct note {
        sign_in seen;
        std::int64_t at = 0;
        std::uint64_t number = 0;
    };
    /// Account, door, network: however often somebody signs in there, or says another name, one waits.
    using place = std::tuple<account_id, trace_door, std::string>;
    /// With the program, and whether encrypted.
    using words = std::tuple<place, std::string, bool>;

    mutable std::mutex mutex_;
    std::map<place, note> waiting_;
    std::map<words, std::int64_t> noted_;          // when
    std::chrono::steady_clock::time_point since_;  // of the first that waits
    std::uint64_t next_number_ = 1;
    std::uint64_t written_ = 0;  // up to this number they stand in the commit that is under way
};

}  // namespace hauspost::storage::lmdb
