#include "server/services/session_list.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace hauspost::server {

session_list::registration::registration(session_list& list,
                                         boost::asio::any_io_executor executor,
                                         std::function<void()> stop)
    : list_(list), entry_(std::make_shared<entry>()) {
    entry_->executor = std::move(executor);
    entry_->stop = std::move(stop);
    bool is_late = false;
    {
        const std::lock_guard lock(list_.mutex_);
        list_.running_.insert(entry_);
        is_late = list_.is_stopping_;
    }
    if (is_late) entry_->stop();
}

session_list::registration::~registration() {
    entry_->stop = nullptr;
    const std::lock_guard lock(list_.mutex_);
    list_.running_.erase(entry_);
}

void session_list::stop_all() {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
    for (const auto& one : running_) {
        auto tell = [one] {
            if (one->stop) one->stop();
        };
        boost::asio::post(one->executor, std::move(tell));
    }
}

}  // namespace hauspost::server
