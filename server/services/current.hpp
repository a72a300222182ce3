#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace hauspost::server {

/// A value that a reload replaces whole; who took it before keeps the old one. Thread: any.
template <class Value>
class current {
public:
    explicit current(Value first) { set(std::move(first)); }

    [[nodiscard]] std::shared_ptr<const Value> get() const {
        const std::lock_guard lock(mutex_);
        return value_;
    }
    void set(Value fresh) {
        auto made = std::make_shared<const Value>(std::move(fresh));
        const std::lock_guard lock(mutex_);
        value_.swap(made);
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const Value> value_;
};

}  // namespace hauspost::server
