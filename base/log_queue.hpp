#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace hauspost {

/// Where lines go: standard error, or a file that is opened to append.
class log_target {
public:
    /// "stderr", or a path. Throws std::runtime_error when the file cannot be opened.
    explicit log_target(const std::string& name);
    ~log_target();
    log_target(const log_target&) = delete;
    log_target& operator=(const log_target&) = delete;

    /// How many octets went out; fewer than all when nothing more can be written. Waits as long as
    /// the reader does not read.
    [[nodiscard]] std::size_t write(std::string_view text) const;

private:
    int file_;
    bool is_ours_;
};

/// Lines on their way to the log, written by a thread of its own: whoever logs never waits, for a
/// disk or for a reader of standard error that has stopped. What does not fit is dropped and
/// counted. Thread: any.
class log_queue {
public:
    /// max_octets  what may wait; half as much again for urgent lines
    explicit log_queue(std::size_t max_octets);
    /// Waits for what is queued, but not for ever.
    ~log_queue();
    log_queue(const log_queue&) = delete;
    log_queue& operator=(const log_queue&) = delete;

    /// Lines pushed from now on go there; those that wait go where they were to go.
    void set_target(std::shared_ptr<const log_target> target);
    /// line: with its end. Urgent ones still fit where others do not.
    void push(std::string_view line, bool is_urgent);
    /// Lines dropped, or lost to a write that failed, since the last time; 0 while there is no room
    /// for a line that tells it.
    [[nodiscard]] std::uint64_t take_dropped();
    /// True when everything pushed before was written (or lost) within that time.
    bool flush(std::chrono::milliseconds patience);

private:
    struct chunk {
        std::shared_ptr<const log_target> target;
        std::string text;
    };
    struct state {
        explicit state(std::size_t most) : max_octets(most) {}
        const std::size_t max_octets;
        std::mutex mutex;
        std::condition_variable changed;
        std::shared_ptr<const log_target> target;
        std::deque<chunk> waiting;
        std::size_t octets = 0;  // in waiting, and in what is being written
        std::uint64_t dropped = 0;
        std::uint64_t pushed = 0;   // chunks of text, counted for flush
        std::uint64_t written = 0;  // as many of them
        bool is_ending = false;
    };
    static void write_all(const std::shared_ptr<state>& shared);

    // Shared with the thread: one that hangs in a write outlives the queue.
    std::shared_ptr<state> state_;
    std::thread thread_;
};

}  // namespace hauspost
