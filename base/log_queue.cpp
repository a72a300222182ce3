#include "base/log_queue.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace hauspost {
namespace {

constexpr std::chrono::seconds patience_at_end{2};

/// Without O_NONBLOCK a FIFO that nobody reads would hold us up here.
int opened(const std::string& path) {
    const auto folder = std::filesystem::path(path).parent_path();
    std::error_code ignored;  // open says what is wrong
    if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
    const int file = ::open(
        path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0666);
    if (file < 0)
        throw std::runtime_error("cannot write the log to " + path + ": " +
                                 std::generic_category().message(errno));
    return file;
}

std::uint64_t lines_in(std::string_view text) {
    return static_cast<std::uint64_t>(std::ranges::count(text, '\n'));
}

}  // namespace

log_target::log_target(const std::string& name)
    : file_(name == "stderr" ? STDERR_FILENO : opened(name)), is_ours_(name != "stderr") {}

log_target::~log_target() {
    if (is_ours_) ::close(file_);
}

std::size_t log_target::write(std::string_view text) const {
    std::size_t done = 0;
    while (done < text.size()) {
        const auto count = ::write(file_, text.data() + done, text.size() - done);
        if (count >= 0) {
            done += static_cast<std::size_t>(count);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            pollfd one{file_, POLLOUT, 0};
            if (::poll(&one, 1, -1) < 0 && errno != EINTR) break;
        } else if (errno != EINTR) {
            break;
        }
    }
    return done;
}

log_queue::log_queue(std::size_t max_octets) : state_(std::make_shared<state>(max_octets)) {
    // The thread takes no signal, SIGPIPE of a reader that has gone neither.
    sigset_t all{};
    sigset_t before{};
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([shared = state_] { write_all(shared); });
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

log_queue::~log_queue() {
    const bool is_done = flush(patience_at_end);
    {
        const std::lock_guard lock(state_->mutex);
        state_->is_ending = true;
    }
    state_->changed.notify_all();
    if (is_done)
        thread_.join();
    else
        thread_.detach();
}

void log_queue::set_target(std::shared_ptr<const log_target> target) {
    const std::lock_guard lock(state_->mutex);
    state_->target = std::move(target);
}

void log_queue::push(std::string_view line, bool is_urgent) {
    auto& all = *state_;
    const std::lock_guard lock(all.mutex);
    const auto room = is_urgent ? all.max_octets + all.max_octets / 2 : all.max_octets;
    if (all.octets + line.size() > room) {
        all.dropped += lines_in(line);
        return;
    }
    if (all.waiting.empty() || all.waiting.back().target != all.target)
        all.waiting.push_back({all.target, {}});
    all.waiting.back().text += line;
    all.octets += line.size();
    ++all.pushed;
    all.changed.notify_all();
}

std::uint64_t log_queue::take_dropped() {
    // Half full: the news must not be dropped itself, nor come with every second line.
    auto& all = *state_;
    const std::lock_guard lock(all.mutex);
    return all.octets > all.max_octets / 2 ? 0 : std::exchange(all.dropped, 0);
}

bool log_queue::flush(std::chrono::milliseconds patience) {
    auto& all = *state_;
    std::unique_lock lock(all.mutex);
    const auto wanted = all.pushed;
    return all.changed.wait_for(lock, patience, [&] { return all.written >= wanted; });
}

void log_queue::write_all(const std::shared_ptr<state>& shared) {
    auto& all = *shared;
    ::pthread_setname_np(::pthread_self(), "log");
    std::unique_lock lock(all.mutex);
    bool is_torn = false;  // the last write ended inside a line
    for (;;) {
        all.changed.wait(lock, [&] { return !all.waiting.empty() || all.is_ending; });
        if (all.waiting.empty()) return;
        const auto taken = std::exchange(all.waiting, {});
        const auto pushed = all.pushed;
        lock.unlock();
        std::uint64_t lost = 0;
        std::size_t octets = 0;
        for (const auto& one : taken) {
            octets += one.text.size();
            if (is_torn) is_torn = one.target->write("\n") == 0;
            const auto done = is_torn ? 0 : one.target->write(one.text);
            lost += lines_in(std::string_view(one.text).substr(done));
            if (done > 0 && done < one.text.size()) is_torn = one.text[done - 1] != '\n';
        }
        lock.lock();
        all.octets -= octets;
        all.dropped += lost;
        all.written = pushed;
        all.changed.notify_all();
    }
}

}  // namespace hauspost
