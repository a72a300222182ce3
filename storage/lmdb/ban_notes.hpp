#pragma once

#include "storage/ban.hpp"
#include "storage/lmdb/write_context.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>

namespace hauspost::storage::lmdb {

/// Bans that were made or ended, on their way to the next commit.
class ban_notes {
public:
    static constexpr std::size_t max_waiting = 1000;

    /// row  nullopt: it is over. Beyond max_waiting it is dropped: whoever refuses knows it himself. Thread:
    ///      any
    void add(const ban_name& name, std::optional<ban> row) noexcept;
    /// Something has been waiting for so long. Thread: any.
    [[nodiscard]] bool is_waiting(std::chrono::steady_clock::duration at_least) const;
    /// What a list has to say beside the rows. Thread: any.
    [[nodiscard]] std::map<ban_name, std::optional<ban>> waiting() const;

    /// Behind all operations, before the commit. Writer thread, as the next two; a commit that failed is
    /// followed by another try, which writes the same again.
    void write(write_context& context);
    /// After the commit.
    void committed() noexcept;
    /// An operation has just said something else of it, or of all of an account.
    void forget(const ban_name& name);
    void forget_account(std::string_view account);

private:
    struct note {
        std::optional<ban> row;
        std::uint64_t number = 0;  // of the last change
    };
    mutable std::mutex mutex_;
    std::map<ban_name, note> waiting_;
    std::chrono::steady_clock::time_point since_;  // of the first that waits
    std::uint64_t next_number_ = 1;
    std::uint64_t written_ = 0;  // up to this number they stand in the commit that is under way
};

/// What stands under the name of an account goes with it, or with the name.
void forget_bans(write_txn& tx, ban_notes& noted, std::string_view account);

}  // namespace hauspost::storage::lmdb
