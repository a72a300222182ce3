#pragma once

#include "storage/change_feed.hpp"

#include <boost/asio/execution_context.hpp>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace hauspost::storage::lmdb {

/// The change feed inside one process. Each network thread has a table of its own listeners, used
/// on that thread only; the writer posts one message a commit to each thread that has any.
class feed final : public change_feed {
public:
    struct account_news {
        account_id account;
        modseq highest;
        bool credentials = false;
    };
    /// What one commit changed.
    struct commit_news {
        std::vector<account_news> accounts;
        bool directory = false;
        bool queue = false;
        office_news office;
    };

    [[nodiscard]] std::unique_ptr<subscription> subscribe(account_id account,
                                                          boost::asio::any_io_executor executor,
                                                          account_listener& listener) override;
    [[nodiscard]] std::unique_ptr<subscription> watch(boost::asio::any_io_executor executor,
                                                      account_watcher& watcher) override;
    /// Thread: the writer's.
    void publish(const commit_news& changes);

private:
    /// Listeners of one thread by account. shared_ptr: a post may outlive the feed.
    struct board {
        explicit board(boost::asio::any_io_executor where) : executor(std::move(where)) {}
        boost::asio::any_io_executor executor;
        std::unordered_multimap<account_id, account_listener*> listeners;
        std::vector<account_watcher*> watchers;
        std::atomic<std::size_t> count = 0;
        std::atomic<std::size_t> watching = 0;  // of these, the watchers
        void tell(const commit_news& changes);
    };
    class entry;
    class watch_entry;
    std::shared_ptr<board> board_of(const boost::asio::any_io_executor& executor);

    std::mutex mutex_;
    std::map<boost::asio::execution_context*, std::shared_ptr<board>> boards_;
};

}  // namespace hauspost::storage::lmdb
