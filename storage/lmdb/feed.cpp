#include "storage/lmdb/feed.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace hauspost::storage::lmdb {

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

class feed::watch_entry final : public change_feed::subscription {
public:
    watch_entry(std::shared_ptr<board> where, account_watcher& watcher)
        : board_(std::move(where)), watcher_(watcher) {
        board_->watchers.push_back(&watcher_);
        ++board_->count;
        ++board_->watching;
    }
    ~watch_entry() override {
        std::erase(board_->watchers, &watcher_);
        --board_->count;
        --board_->watching;
    }

private:
    std::shared_ptr<board> board_;
    account_watcher& watcher_;
};

std::shared_ptr<feed::board> feed::board_of(const asio::any_io_executor& executor) {
    const std::lock_guard lock(mutex_);
    auto& slot = boards_[&asio::query(executor, asio::execution::context)];
    if (!slot) slot = std::make_shared<board>(executor);
    return slot;
}

std::unique_ptr<change_feed::subscription> feed::subscribe(account_id account,
                                                           asio::any_io_executor executor,
                                                           account_listener& listener) {
    return std::make_unique<entry>(board_of(executor), account, listener);
}

std::unique_ptr<change_feed::subscription> feed::watch(asio::any_io_executor executor,
                                                       account_watcher& watcher) {
    return std::make_unique<watch_entry>(board_of(executor), watcher);
}

void feed::publish(const commit_news& changes) {
    const bool is_for_all = !changes.accounts.empty() || changes.directory || changes.queue;
    if (!is_for_all && !changes.office.any()) return;
    const std::lock_guard lock(mutex_);
    for (const auto& [context, where] : boards_) {
        if ((is_for_all ? where->count : where->watching) == 0) continue;
        auto task = [where = where, changes] { where->tell(changes); };
        asio::post(where->executor, std::move(task));
    }
}

void feed::board::tell(const commit_news& changes) {
    if (changes.directory)
        for (auto* watcher : watchers)
            watcher->on_directory_changed();
    if (changes.queue)
        for (auto* watcher : watchers)
            watcher->on_queue_changed();
    if (changes.office.any())
        for (auto* watcher : watchers)
            watcher->on_office_changed(changes.office);
    for (const auto& change : changes.accounts) {
        for (auto* watcher : watchers)
            watcher->on_account_changed(change.account);
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

}  // namespace hauspost::storage::lmdb
