#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::dns {

/// How a question ended.
enum class outcome : std::uint8_t {
    found,
    no_such_name,  // NXDOMAIN: neither the name nor one below it has records of any type
    no_data,       // the name exists, without records of the type
    failed,        // SERVFAIL, REFUSED, time-out and the like: nothing is known; try again later
    bogus,         // the answer is not what the zone signed (RFC 4035 4.3): the same
};

/// Nothing is known now; later it may be.
[[nodiscard]] constexpr bool is_temporary(outcome what) noexcept {
    return what == outcome::failed || what == outcome::bogus;
}

/// So many records of an answer are looked at; those behind them are as if they were not there.
inline constexpr std::size_t max_records = 256;
/// So many CNAMEs are followed from name to name; one that goes on is `failed`.
inline constexpr int max_aliases = 8;

/// What the DNS says to one question.
template <class Record>
struct answer {
    outcome what = outcome::failed;
    /// 1 to max_records when found, else empty; in the order of the answer, which means nothing.
    std::vector<Record> records;
    /// All of it is proven by signatures from a trust anchor down (RFC 4033 5, "secure"): the
    /// records and the CNAMEs on the way, or that there are none.
    bool is_secure = false;
    /// The name that has the records, behind all CNAMEs; without a CNAME the one that was asked for.
    /// "" when it is not made as the name of a host is.
    std::string canonical_name;
    /// For how long this may be kept, also that there is nothing.
    std::chrono::seconds ttl{0};
    /// One line for the log, about what failed; "" else.
    std::string why;
};

}  // namespace hauspost::dns
