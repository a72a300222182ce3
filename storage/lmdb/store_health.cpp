#include "storage/lmdb/store_health.hpp"

#include "base/log.hpp"

#include <utility>

namespace hauspost::storage::lmdb {

void store_health::on_broken(std::function<void(const std::string&)> listener) {
    const std::lock_guard lock(mutex_);
    listener_ = std::move(listener);
    if (is_broken_ && listener_) listener_(what_);
}

void store_health::broke(const std::string& what) {
    const std::lock_guard lock(mutex_);
    if (is_broken_) return;
    what_ = what;
    is_broken_ = true;
    log::critical("store_broken what={} advice={}", log_safe(what, 200),
                  log_safe("nothing is written any more; look at the disk, start again"));
    if (listener_) listener_(what_);
}

void store_health::require() const {
    if (is_broken_) throw fault("the store is broken; nothing is written until it is opened anew");
}

}  // namespace hauspost::storage::lmdb
