#pragma once

#include "base/awaitable.hpp"
#include "storage/errc.hpp"
#include "storage/fault.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::storage {

/// A value that the owner has chosen for an item of the configuration.
struct setting {
    setting() = default;
    std::string name;             // "accounts.retention"
    std::string value;            // as one would write it in the file, without quotes: "14d"
    std::int64_t changed_at = 0;  // Unix seconds
    std::uint64_t version = 0;    // never 0; another with each put of the name
};

/// The port to what the owner has set. Which names there are, and what a value may be, others know.
///
/// Throws  storage::fault, all calls; nothing was changed then
/// Thread  any; all resume on the caller's executor. Writes return after the commit has reached the disk,
///         may be refused as busy, and may end unsure. They go on where the disk is low
class setting_store {
public:
    static constexpr std::size_t max_name_octets = 100;
    static constexpr std::size_t max_value_octets = 1000;
    static constexpr std::size_t max_settings = 1000;

    virtual ~setting_store() = default;

    /// In the order of their names. A small read on the calling thread.
    virtual awaitable<std::vector<setting>> list() = 0;

    /// seen     the version that is there; 0: none is
    /// Refuses  changed_meanwhile: another one is there, or none any more; invalid_name: the name is
    ///          empty or too long, the value is, or there are too many
    virtual awaitable<error_code> put(std::string name, std::string value, std::uint64_t seen) = 0;
    /// Refuses  changed_meanwhile, as put
    virtual awaitable<error_code> remove(std::string name, std::uint64_t seen) = 0;
};

}  // namespace hauspost::storage
