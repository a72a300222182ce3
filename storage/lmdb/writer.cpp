#include "storage/lmdb/writer.hpp"

#include "base/log.hpp"

#include <pthread.h>

#include <algorithm>

namespace hauspost::storage::lmdb {
namespace {

/// Keeps one batch short: the transaction of 512 operations takes some 3 ms, 16 MiB of bodies
/// some 5.
constexpr std::size_t max_batch = 512;
constexpr std::size_t max_batch_octets = 16u << 20;

}  // namespace

void writer::operation::fail(std::exception_ptr why) {
    try {
        std::rethrow_exception(why);
    } catch (const storage_full& full) {
        log::warn("store_full what={}", log_safe(full.what(), 400));
        refused = errc::disk_full;
    } catch (const commit_unsure&) {  // which was logged when it broke the store
        refused = errc::unsure;
    } catch (...) {
        fault = why;  // the caller throws it on its own thread
    }
}

void writer::operation::wake_alone() {
    if (blocked != nullptr)
        blocked->set_value();
    else
        caller.post();
}

writer::writer(
    environment& env, segment_files& files, free_space& room, store_health& health, settings config)
    : env_(env), files_(files), room_(room), health_(health), config_(std::move(config)) {
    if (config_.time == nullptr) config_.time = &system_time_;
    thread_ = std::thread([this] { loop(); });
    pthread_setname_np(thread_.native_handle(), "store-writer");
}

writer::~writer() {
    stop();
}

void writer::enqueue(operation& todo) {
    {
        const std::lock_guard lock(mutex_);
        if (!stopping_ && queue_.size() < config_.max_waiting) {
            queue_.push_back(&todo);
            filled_.notify_one();
            return;
        }
    }
    todo.refused = errc::busy;
    todo.wake_alone();
}

bool writer::is_busy() const {
    const std::lock_guard lock(mutex_);
    return stopping_ || queue_.size() >= config_.max_waiting;
}

void writer::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    filled_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void writer::gather(std::unique_lock<std::mutex>& lock) {
    const auto wanted = last_batch_;
    const auto until = std::chrono::steady_clock::now() + config_.gather_at_most;
    while (queue_.size() < wanted && !stopping_ && std::chrono::steady_clock::now() < until) {
        lock.unlock();
        std::this_thread::yield();
        lock.lock();
    }
}

writer::batch writer::take() {
    std::unique_lock lock(mutex_);
    if (last_batch_ > 1) gather(lock);
    filled_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    batch taken;
    std::size_t octets = 0;
    while (!queue_.empty() && taken.size() < max_batch && octets < max_batch_octets) {
        taken.push_back(queue_.front());
        queue_.pop_front();
        octets += taken.back()->octets;
    }
    last_batch_ = taken.size();
    return taken;
}

void writer::loop() {
    for (;;) {
        const auto taken = take();
        if (taken.empty()) return;  // stopping, and nothing is left
        commit(taken);
        wake(taken);
    }
}

void writer::commit(const batch& all) {
    if (run_transaction(all)) return;
    // Somebody failed: the rest again, each alone, so that one bad operation harms no other.
    for (auto* one : all)
        if (!one->failed()) run_transaction({one});
}

bool writer::run_transaction(const batch& all) {
    operation* running = nullptr;
    try {
        health_.require();
        const bool is_room_low = env_.is_nearly_full() || room_.is_low();
        write_txn tx(env_);
        const auto now = std::chrono::system_clock::to_time_t(config_.time->now());
        write_context context(tx, files_, now, is_room_low);
        for (auto* one : all) {
            if (one->failed()) continue;
            running = one;
            running->apply(context);
        }
        running = nullptr;
        if (config_.before_commit) config_.before_commit(context);
        context.flush_segments();
        context.lay_down();
        health_.require();  // somebody else's sync may have failed meanwhile
        commit_or_break(tx);
        context.keep_bodies();
        tell(context);
        return true;
    } catch (...) {
        const auto why = why_it_failed();
        if (running != nullptr) {
            running->fail(why);
        } else if (all.size() == 1 || health_.is_broken()) {
            for (auto* one : all)
                if (!one->failed()) one->fail(why);
        }
    }
    give_back();
    return false;
}

/// The room of bodies that were rolled back, so that the next try has it.
void writer::give_back() noexcept {
    try {
        files_.give_back();
    } catch (const std::exception& error) {
        log::error("give_back_fault what={}", log_safe(error.what()));
    }
}

/// What happens here cannot undo the commit, so it must not look like a failure of it.
void writer::tell(write_context& context) noexcept {
    try {
        if (config_.on_commit) config_.on_commit(context);
    } catch (const std::exception& error) {
        log::error("on_commit_fault what={}", log_safe(error.what(), 400));
    }
}

/// What of a failed commit has reached the disk nobody knows: its operations end unsure, and the
/// store is broken before any body of it is dropped. Want of room is met before the root is
/// written, but for one case: then LMDB gives up, and the next operation must not be the first to
/// notice.
void writer::commit_or_break(write_txn& tx) {
    try {
        tx.commit();
    } catch (const storage_full& error) {
        if (!env_.is_lost()) throw;
        break_off(error);
    } catch (const fault& error) {
        if (is_disk_full() && !env_.is_lost()) throw;
        break_off(error);
    }
}

void writer::break_off(const fault& commit) {
    health_.broke(commit.what());
    throw commit_unsure(commit.what());
}

/// LMDB 0.9.24 reports a full disk as EIO (a short write); the free space tells them apart.
bool writer::is_disk_full() const noexcept {
    constexpr std::uint64_t as_good_as_nothing = 1u << 20;
    try {
        return room_.octets() < as_good_as_nothing;
    } catch (const std::exception& error) {
        // Who cannot even be asked is not just full.
        log::error("free_space_fault what={}", log_safe(error.what()));
        return false;
    }
}

std::exception_ptr writer::why_it_failed() {
    try {
        throw;
    } catch (const storage_full&) {
        return std::current_exception();
    } catch (const environment_lost& error) {
        health_.broke(error.what());
        return std::current_exception();
    } catch (const fault& error) {
        if (health_.is_broken() || !is_disk_full()) return std::current_exception();
        return std::make_exception_ptr(storage_full(error.what()));
    } catch (...) {
        return std::current_exception();  // no memory, or a fault of ours: only this batch ends
    }
}

void writer::wake(const batch& all) {
    // One post for each executor, not for each caller: a wake-up costs more than the work.
    std::vector<std::pair<asio::any_io_executor, std::vector<suspension*>>> groups;
    for (auto* one : all) {
        if (one->blocked != nullptr) {
            one->wake_alone();
            continue;
        }
        auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& candidate) {
            return candidate.first == one->caller.executor();
        });
        if (group == groups.end()) {
            groups.emplace_back(one->caller.executor(), std::vector<suspension*>{});
            group = groups.end() - 1;
        }
        group->second.push_back(&one->caller);
    }
    for (auto& [executor, callers] : groups) {
        auto task = [callers = std::move(callers)] {
            for (auto* caller : callers)
                caller->resume();
        };
        asio::post(executor, std::move(task));
    }
}

}  // namespace hauspost::storage::lmdb
