#pragma once

#include "tests/support/crash_log.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::storage::test {

/// One entry of the log of a recorded run; the view lives as long as the crash_log.
struct crash_call {
    hauspost::test::crash_entry head;
    std::string_view octets;
};

/// The log of a recorded run, as a whole in memory.
class crash_log {
public:
    explicit crash_log(const std::filesystem::path& file);
    [[nodiscard]] const std::vector<crash_call>& calls() const noexcept { return calls_; }

private:
    std::string text_;
    std::vector<crash_call> calls_;
};

/// What a disk may hold at a moment of a recorded run: all that was synced, and any subset of what
/// was not, the last part of it torn at a sector or page. Names of files count as changes of their
/// folder: without its fsync they may be missing.
///
/// Calling sequence: advance_to with growing positions, write() any number of times in between.
class crash_disk {
public:
    crash_disk(const crash_log& log, std::filesystem::path cache);

    /// All calls before `position` have begun; those whose end stands before it have returned.
    void advance_to(std::size_t position);
    [[nodiscard]] std::size_t position() const noexcept { return position_; }

    /// Makes one of the possible images in a folder that exists and is empty.
    void write(const std::filesystem::path& folder, std::mt19937_64& dice);

private:
    struct change {
        std::size_t call;
        bool is_done = false;
    };
    struct file {
        std::string octets;  // that are surely there
        std::vector<change> pending;
        std::filesystem::path cached;  // equals `octets`; empty: not written yet
    };
    using names = std::map<std::string, std::uint32_t>;  // path -> file; 0: a folder

    void take(std::size_t position);
    void begin_sync(const crash_call& call);
    void end_sync(std::uint32_t serial);
    void end_change(std::uint32_t serial, bool is_durable);
    std::vector<change>& pending_of(const crash_call& call);
    void apply_name(names& all, const crash_call& call) const;
    static void apply(std::string& octets, const crash_call& call, std::size_t length);
    std::vector<std::size_t> some_of(const std::vector<change>& pending,
                                     unsigned percent,
                                     std::mt19937_64& dice) const;
    void write_file(const std::filesystem::path& path,
                    file& from,
                    unsigned percent,
                    std::mt19937_64& dice);

    const crash_log& log_;
    const std::filesystem::path cache_;
    std::size_t position_ = 0;
    std::map<std::uint32_t, file> files_;
    names names_;                                         // that surely stand
    std::map<std::string, std::vector<change>> folders_;  // changes of names, by folder
    struct sync_point {
        std::uint32_t file;
        std::string folder;
        std::set<std::size_t> covered;
    };
    std::map<std::uint32_t, sync_point> syncs_;
};

}  // namespace hauspost::storage::test
