#pragma once

#include <cstdint>
#include <optional>

namespace hauspost::admin {

/// What the machine and the store say of themselves.
struct machine_figures {
    std::uint64_t disk_octets = 0;  // of the file system that holds data_dir
    std::uint64_t free_octets = 0;
    std::uint64_t mail_octets = 0;                    // message octets on it
    bool is_disk_full = false;                        // no mail is taken any more
    std::optional<std::int64_t> certificate_ends_at;  // Unix seconds; nullopt: it cannot be read
    bool is_self_signed = false;
};

}  // namespace hauspost::admin
