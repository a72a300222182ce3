#include "storage/lmdb/feed.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace hauspost::storage {

namespace asio = boost::asio;

class feed::entry final : public change_feed::subscription {
public:
    entry(std::shared_ptr<board> where, account_id account, account_listener& listener)
        : board_(std::move(where)), account_(account), listener_(listener) {
        board_->listeners.emplace(account_, &listener_);
        ++board_->count;
    }
    ~entry() override {
        const auto [first, last] = board_->listeners.equal_range(account_);
        const auto own = std::find_if(
            first, last, [this](const auto& pair) { return pair.second == &listener_; });
        if (own != last) board_->listeners.erase(own);
        --board_->count;
    }

private:
    std::shared_ptr<board> board_;
    account_id account_;
    account_listener& listener_;
};

std::unique_ptr<change_feed::subscription> feed::subscribe(account_id account,
                                                           asio::any_io_executor executor,
                                                           account_listener& listener) {
    std::shared_ptr<board> own;
    {
        const std::lock_guard lock(mutex_);
        auto& slot = boards_[&asio::query(executor, asio::execution::context)];
        if (!slot) slot = std::make_shared<board>(executor);
        own = slot;
    }
    return std::make_unique<entry>(std::move(own), account, listener);
}

void feed::publish(const std::vector<news>& changes) {
    if (changes.empty()) return;
    const std::lock_guard lock(mutex_);
    for (const auto& [context, where] : boards_) {
        if (where->count == 0) continue;
        auto task = [where = where, changes] { where->tell(changes); };
        asio::post(where->executor, std::move(task));
    }
}

void feed::board::tell(const std::vector<news>& changes) {
    for (const auto& change : changes) {
        const auto [first, last] = listeners.equal_range(change.account);
        for (auto listener = first; listener != last;) {
            auto* told = listener->second;
            ++listener;
            if (change.credentials)
                told->on_credentials_changed();
            else
                told->on_mail_changed(change.highest);
        }
    }
}

}  // namespace hauspost::storage
