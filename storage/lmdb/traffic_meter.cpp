#include "storage/lmdb/traffic_meter.hpp"

#include "storage/lmdb/traffic_rows.hpp"

namespace hauspost::storage::lmdb {

void traffic_meter::note(const traffic& passed) noexcept {
    if (passed == traffic()) return;
    const std::lock_guard lock(mutex_);
    if (noted_ == traffic()) since_ = std::chrono::steady_clock::now();
    noted_ += passed;
}

bool traffic_meter::is_waiting(std::chrono::steady_clock::duration at_least) const {
    const std::lock_guard lock(mutex_);
    return noted_ != traffic() && std::chrono::steady_clock::now() - since_ >= at_least;
}

void traffic_meter::write(write_context& context) {
    {
        const std::lock_guard lock(mutex_);
        in_hand_ = noted_;
    }
    auto passed = in_hand_;
    for (const auto& event : context.trace)
        passed.count(event);
    if (passed != traffic()) traffic_rows::add(context.tx, context.now, passed);
    if (passed != traffic() || !context.trace.empty()) context.office.passed = true;
}

void traffic_meter::committed() noexcept {
    const std::lock_guard lock(mutex_);
    noted_ -= in_hand_;
    in_hand_ = {};
}

}  // namespace hauspost::storage::lmdb
