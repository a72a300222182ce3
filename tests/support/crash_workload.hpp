#pragma once

#include "base/sha256.hpp"
#include "storage/lmdb/store_options.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

/// What crash_workload and those who verify its images agree on.
namespace hauspost::test {

/// Small segments and no retention, so that the janitor has work.
inline storage::lmdb::store_options crash_options(const std::filesystem::path& folder) {
    storage::lmdb::store_options options;
    options.data_dir = folder;
    options.map_octets = std::size_t{64} << 20;
    options.reader_threads = 2;
    options.min_free_octets = 0;
    options.retention = std::chrono::seconds(0);
    options.reuse_delay = std::chrono::seconds(0);
    options.tidy_interval = std::chrono::seconds(0);
    options.segment_octets = 512 * 1024;
    options.notices_copies = false;  // each image is one, of a state that never went on
    return options;
}

/// Length of an annotation's value: two rows.
inline constexpr std::uint64_t crash_note_octets = 2500;

/// The mailbox of a task that comes and goes.
inline std::string crash_spare_name(unsigned task) {
    return "spare" + std::to_string(task);
}

/// Of the session of a task before the owner's page.
inline sha256_digest crash_session_key(unsigned task) {
    sha256_digest key{};
    key[0] = static_cast<char>('a' + task);
    return key;
}

/// The body that belongs to a token.
inline std::string crash_body(std::uint64_t token, std::uint64_t octets) {
    std::string body = "Token: " + std::to_string(token) + "\r\n\r\n";
    body.reserve(octets);
    while (body.size() < octets)
        body.append(std::to_string(token * 31 + body.size())).append("0123456789abcdef\r\n");
    body.resize(octets);
    return body;
}

}  // namespace hauspost::test
