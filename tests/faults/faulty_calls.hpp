#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace hauspost::storage::test {

/// What a storage call is made to do instead of what it was asked for.
enum class call_fault : std::uint8_t {
    io_error,     // EIO
    no_space,     // ENOSPC
    short_write,  // half of it is written; other calls: EIO
    interrupted,  // EINTR, for writes
    killed        // the process ends before it, as by kill -9
};

/// Kinds of calls: they can fail in different ways.
enum class call_kind : std::uint8_t { make, write, sync, name, map, hole, remove, cut };

/// Counts the storage calls of this process on files below a folder (opening new files, writing,
/// syncing, naming, mapping, making holes, removing, cutting) and makes one of them fail. The
/// functions stand in the test program itself, in front of libc's, so that LMDB meets them too. One
/// at a time.
class faulty_calls {
public:
    explicit faulty_calls(const std::filesystem::path& folder);
    ~faulty_calls();
    faulty_calls(const faulty_calls&) = delete;
    faulty_calls& operator=(const faulty_calls&) = delete;

    /// The nth call from now on fails, once; nth counts from 1.
    static void fail(std::uint64_t nth, call_fault how);
    /// From now on the kinds of all calls are kept.
    static void record();
    /// Those since record(), in their order.
    [[nodiscard]] static std::vector<call_kind> recorded();
    /// Only calls on files whose path has this in it are counted and fail; "": all.
    static void only(const char* part_of_path);
    /// The call that was to fail has been made.
    [[nodiscard]] static bool has_failed();
};

/// All reads below the folder give EIO while it lives.
class failing_reads {
public:
    failing_reads();
    ~failing_reads();
    failing_reads(const failing_reads&) = delete;
    failing_reads& operator=(const failing_reads&) = delete;
};

}  // namespace hauspost::storage::test
