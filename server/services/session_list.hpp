#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <unordered_set>

namespace hauspost::server {

/// The sessions that run, so that each can be told to end when the server stops.
class session_list {
    struct entry;

public:
    /// Lives in the session's coroutine frame. Thread: the session's.
    class registration {
    public:
        /// stop  called at most once, on `executor`, while the registration lives; at once when the
        ///       server is stopping already
        registration(session_list& list,
                     boost::asio::any_io_executor executor,
                     std::function<void()> stop);
        ~registration();
        registration(const registration&) = delete;
        registration& operator=(const registration&) = delete;

    private:
        session_list& list_;
        std::shared_ptr<entry> entry_;
    };

    /// Tells all that run and all that come. Thread: any.
    void stop_all();

private:
    struct entry {
        boost::asio::any_io_executor executor;
        std::function<void()> stop;  // empty once the session has ended; its thread only
    };

    std::mutex mutex_;
    bool is_stopping_ = false;
    std::unordered_set<std::shared_ptr<entry>> running_;
};

}  // namespace hauspost::server
