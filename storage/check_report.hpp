#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::storage {

/// What a check of the whole store found. Empty findings: the store is sound.
struct check_report {
    std::vector<std::string> findings;  // in words, each naming the row
    std::uint64_t accounts = 0;
    std::uint64_t mailboxes = 0;
    std::uint64_t messages = 0;
    std::uint64_t blobs = 0;
    std::uint64_t octets = 0;
};

}  // namespace hauspost::storage
