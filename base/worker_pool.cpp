#include "base/worker_pool.hpp"

#include <pthread.h>

namespace hauspost {

worker_pool::worker_pool(std::string name, std::size_t threads, std::size_t max_waiting)
    : max_waiting_(max_waiting) {
    for (std::size_t i = 0; i < threads; ++i) {
        threads_.emplace_back([this] { work_loop(); });
        pthread_setname_np(threads_.back().native_handle(), name.substr(0, 15).c_str());
    }
}

worker_pool::~worker_pool() {
    stop();
}

void worker_pool::enqueue(job& todo) {
    {
        const std::lock_guard lock(mutex_);
        if (!stopping_ && queue_.size() < max_waiting_ + threads_.size()) {
            queue_.push_back(&todo);
            wake_.notify_one();
            return;
        }
    }
    todo.caller.post();
}

void worker_pool::work_loop() {
    for (;;) {
        job* next = nullptr;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
            if (stopping_) return;
            next = queue_.front();
            queue_.pop_front();
        }
        next->call(next->context);
        next->caller.post();
    }
}

void worker_pool::stop() {
    std::deque<job*> refused;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        refused.swap(queue_);
    }
    wake_.notify_all();
    for (auto& thread : threads_)
        if (thread.joinable()) thread.join();
    for (auto* todo : refused)
        todo->caller.post();
}

std::size_t worker_pool::waiting() const {
    const std::lock_guard lock(mutex_);
    return queue_.size();
}

}  // namespace hauspost
