#pragma once

#include "base/siphash.hpp"
#include "protocols/query/root_finder.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::query {

/// RFC 5256 3.
enum class thread_algorithm : std::uint8_t { ordered_subject, references };

/// Puts messages together into threads. Message ids and base subjects are kept as keyed hashes of
/// 64 bits alone, so that a message takes little room and nobody can make two of them meet.
///
/// Calling sequence: add() each message in the order of sequence numbers, then threads() once.
/// Memory   40 octets a message and 8 for each of its references (at most 100); threads() takes 60
///          more for each message and each id that is no message; max_references in all
/// Cost     n log n in messages and references, whatever they say; no recursion
class threader {
public:
    static constexpr std::size_t max_references = 4'000'000;

    explicit threader(thread_algorithm algorithm)
        : algorithm_(algorithm), hash_key_(random_siphash_key()) {}

    [[nodiscard]] std::size_t size() const noexcept { return messages_.size(); }
    /// number   what stands for the message in the answer
    /// arrival  INTERNALDATE in Unix seconds
    /// summary  encoded
    /// is_reply the subject says that it is a reply or forward (RFC 5256 2.1); only `references`
    ///          asks
    /// Returns  false when there are too many references
    bool add(std::uint32_t number, std::int64_t arrival, std::string_view summary, bool is_reply);

    /// " (1)(2 3 (4)(5))": what comes after "* THREAD"; "" without any message.
    /// Thread  any; takes long for many messages
    [[nodiscard]] std::string threads() const;

private:
    friend class reference_threads;
    struct message {
        std::int64_t date = 0;
        std::uint64_t id = 0;       // hash; 0: has none
        std::uint64_t subject = 0;  // hash of the base subject; 0: empty
        std::uint32_t number = 0;
        std::uint32_t first_reference = 0;
        std::uint8_t references = 0;
        bool is_reply = false;  // or forward
    };
    [[nodiscard]] std::uint64_t hash(std::string_view text) const noexcept;
    [[nodiscard]] std::span<const std::uint64_t> references_of(const message& one) const noexcept;
    [[nodiscard]] std::string by_subject() const;

    thread_algorithm algorithm_;
    siphash_key hash_key_;
    std::vector<message> messages_;
    std::vector<std::uint64_t> references_;
    std::vector<std::string_view> views_;  // of the message that is added
};

}  // namespace hauspost::query
