#pragma once

#include "admin/web/page_stream.hpp"
#include "base/monotonic_clock.hpp"
#include "storage/change_feed.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace hauspost::admin::web {

/// Tells open pages what to ask for anew, so that they need not ask every few seconds.
///
/// It listens to the change feed only while a page is open, gathers what it hears, and tells all
/// pages together, once a second at most: so a busy server has no more to do for fifty pages than
/// for one, and for none nothing.
///
/// Thread: open, any; all else on the executor's, which has one alone.
class page_news {
public:
    struct settings {
        std::size_t most = 100;           // streams
        std::size_t most_of_session = 4;  // browsers have six connections for all they want of us
        std::chrono::milliseconds apart{1'000};
        /// Of topics that cost the most to be asked for.
        std::chrono::milliseconds dear_apart{5'000};
        /// Sessions end by time as well, of which no change tells.
        std::chrono::milliseconds look_apart{15'000};
    };

    /// All outlive this object, and the executor's run.
    page_news(storage::change_feed& changes,
              const monotonic_clock& time,
              asio::any_io_executor where,
              settings how);
    page_news(storage::change_feed& changes,
              const monotonic_clock& time,
              asio::any_io_executor where)
        : page_news(changes, time, std::move(where), settings()) {}

    /// A stream for a page of this session; the oldest one of the same session gives way when there
    /// are too many. What it tells first is that all may have changed.
    /// is_open  on the stream's thread
    /// nullptr  too many pages are open
    [[nodiscard]] std::shared_ptr<page_stream> open(const sha256_digest& session,
                                                    std::function<awaitable<bool>()> is_open);

private:
    class board;
    const std::shared_ptr<board> board_;
};

}  // namespace hauspost::admin::web
