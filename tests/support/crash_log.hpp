#pragma once

#include <cstdint>

/// The log of what a store asked of the disk, in order: written by crash_recorder, read by
/// crash_image. Each entry is this head and `length` octets.
namespace hauspost::test {

enum class crash_event : std::uint8_t {
    write = 'W',     // file, offset, octets: begins
    truncate = 'T',  // file, offset is the new size: begins
    punch = 'P',     // file, offset, u64 length as octets: begins
    name = 'N',      // file (0: a folder) gets the name in the octets: begins
    unname = 'U',    // the name in the octets goes: begins
    done = 'D',      // the call with this serial has returned
    sync = 'B',      // file, or the folder named by the octets: begins
    sync_end = 'E',  // the sync with this serial has returned
    durable = 'Y',   // the write with this serial is on the disk (O_DSYNC)
    note = 'A',      // what the workload says
};

struct crash_entry {
    crash_event event;
    std::uint8_t unused[3] = {};
    std::uint32_t serial = 0;
    std::uint32_t file = 0;
    std::uint32_t length = 0;
    std::uint64_t offset = 0;
};
static_assert(sizeof(crash_entry) == 24);

}  // namespace hauspost::test
