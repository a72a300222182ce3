#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "storage/errc.hpp"
#include "storage/fault.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::storage {

/// Octets that nobody but the server may know, by name: "dkim/example.org/h2611r".
struct named_secret {
    named_secret() = default;
    std::string name;
    secret octets;
    std::int64_t created_at = 0;  // Unix seconds, of its name's first put
    std::uint64_t version = 0;    // never 0; another with each put of the name
};

/// The port to keys of the server's own: what signs its mail, what proves its addresses. They stand
/// in the store's files as they are, which the server's user alone can read (mode 0600): a key beside
/// them would have to be readable in the same way.
///
/// Writes return after the commit has reached the disk. Beside what is said at a call, each write
/// may be refused as busy, and may end unsure.
///
/// Throws  storage::fault, all calls; nothing was changed then
/// Thread  any; all resume on the caller's executor
class secret_store {
public:
    static constexpr std::size_t max_name_octets = 400;
    static constexpr std::size_t max_secret_octets = 16 * 1024;

    virtual ~secret_store() = default;

    // Small reads on the calling thread.

    /// nullopt: never put, or removed.
    virtual awaitable<std::optional<named_secret>> find(std::string name) = 0;
    /// All whose names begin so, in the order of their octets.
    virtual awaitable<std::vector<named_secret>> list(std::string prefix) = 0;

    /// seen     the version that is there; 0: none is
    /// Refuses  changed_meanwhile: another one is there, or none any more; invalid_name: the name is
    ///          empty or too long, or the secret is; disk_full
    virtual awaitable<error_code> put(std::string name, secret octets, std::uint64_t seen) = 0;
    /// What is not there is none; so nothing is refused but for the moment.
    virtual awaitable<error_code> remove(std::string name) = 0;
};

}  // namespace hauspost::storage
