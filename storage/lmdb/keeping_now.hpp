#pragma once

#include "storage/keeping.hpp"
#include "storage/lmdb/store_options.hpp"

#include <atomic>

namespace hauspost::storage::lmdb {

/// storage::keeping as it is in force at the moment. Thread: any.
class keeping_now {
public:
    explicit keeping_now(const store_options& first) noexcept {
        set({first.retention, first.trace_days, first.trace_subjects});
    }
    void set(const keeping& fresh) noexcept {
        deleted_seconds_ = fresh.deleted_mail.count();
        trace_days_ = fresh.trace_days;
        has_subjects_ = fresh.trace_subjects;
    }
    [[nodiscard]] std::chrono::seconds deleted_mail() const noexcept {
        return std::chrono::seconds(deleted_seconds_);
    }
    [[nodiscard]] std::uint32_t trace_days() const noexcept { return trace_days_; }
    [[nodiscard]] bool trace_subjects() const noexcept { return has_subjects_; }

private:
    std::atomic<std::chrono::seconds::rep> deleted_seconds_ = 0;
    std::atomic<std::uint32_t> trace_days_ = 0;
    std::atomic<bool> has_subjects_ = false;
};

}  // namespace hauspost::storage::lmdb
