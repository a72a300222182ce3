#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace hauspost::storage::index {

struct indexer_settings {
    std::filesystem::path folder;  // of all indexes, theirs alone
    /// New mail of an account is indexed when so much of it waits, or when it has waited so long.
    /// A commit costs two files and four syncs however few messages it brings; what waits is read.
    std::size_t enough_messages = 64;
    std::chrono::milliseconds commit_interval{std::chrono::minutes(10)};
    /// How long after the news of a change it is looked at.
    std::chrono::milliseconds look_after{2'000};
    /// After a fault, or while the disk has less room than min_free_octets.
    std::chrono::milliseconds retry_after{60'000};
    std::uint64_t min_free_octets = 512ull << 20;
    /// Signatures of one commit: bounds the memory.
    std::size_t max_waiting_octets = 32 << 20;
    /// An index of which more than a third is of messages that are gone is written anew without
    /// them, from so many messages on.
    std::size_t tidy_from_messages = 1'000;
    /// Of the store: an index that was made of another one is built anew.
    std::uint64_t store_generation = 0;
};

}  // namespace hauspost::storage::index
