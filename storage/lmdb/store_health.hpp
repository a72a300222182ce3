#pragma once

#include "storage/lmdb/db_error.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <string>

namespace hauspost::storage::lmdb {

/// Whether the store can still keep what it promises. After a sync that failed the kernel may have
/// dropped the octets and say "done" when it is asked again, and LMDB refuses everything once it
/// could not write its root: nothing may be written then until the store is opened anew.
///
/// Thread: any.
class store_health {
public:
    /// Called once, with what broke, on the thread that met it; at once when it is broken already.
    void on_broken(std::function<void(const std::string& what)> listener);

    void broke(const std::string& what);
    [[nodiscard]] bool is_broken() const noexcept { return is_broken_; }
    /// Throws fault when it is broken.
    void require() const;

private:
    std::atomic<bool> is_broken_ = false;
    std::mutex mutex_;
    std::string what_;
    std::function<void(const std::string&)> listener_;
};

}  // namespace hauspost::storage::lmdb
