#include "admin/web/page_news.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

namespace hauspost::admin::web {
namespace {

constexpr std::uint8_t dear_topics = topic_overview | topic_trace;

}  // namespace

/// Outlives the object for as long as its coroutine runs.
class page_news::board final : public storage::account_watcher,
                               public std::enable_shared_from_this<board> {
public:
    board(storage::change_feed& changes,
          const monotonic_clock& time,
          asio::any_io_executor where,
          settings how)
        : changes_(changes), time_(time), executor_(std::move(where)), how_(how) {}

    std::shared_ptr<page_stream> open(const sha256_digest& session,
                                      std::function<awaitable<bool>()> is_open);

    // What the feed tells; on the executor.
    void on_account_changed(account_id) noexcept override {}
    void on_directory_changed() noexcept override { changed_ |= topic_overview; }
    void on_queue_changed() noexcept override { changed_ |= topic_queue | topic_overview; }
    void on_office_changed(const storage::office_news& what) noexcept override;
    void on_news_unknown() noexcept override { changed_ = topic_all; }

private:
    struct listener {
        std::weak_ptr<page_stream> stream;
        bool is_new = true;
    };
    /// Holding the mutex.
    void forget_those_that_are_gone();
    awaitable<void> run();
    /// False: nobody listens any more.
    bool tell_all();
    /// What may be told by now, of what has changed.
    std::uint8_t take_due();
    void check_all();

    storage::change_feed& changes_;
    const monotonic_clock& time_;
    const asio::any_io_executor executor_;
    const settings how_;

    // On the executor's thread.
    std::uint8_t changed_ = 0;
    steady_time dear_told_;
    steady_time looked_;

    std::mutex mutex_;                 // of all below
    std::vector<listener> listeners_;  // the oldest first
    bool is_running_ = false;
};

std::shared_ptr<page_stream> page_news::board::open(const sha256_digest& session,
                                                    std::function<awaitable<bool>()> is_open) {
    const std::lock_guard lock(mutex_);
    forget_those_that_are_gone();
    std::vector<std::shared_ptr<page_stream>> own;
    for (const auto& one : listeners_)
        if (auto there = one.stream.lock(); there && there->session() == session)
            own.push_back(std::move(there));
    // Those that have been told to give way are counted until they are gone.
    if (listeners_.size() >= how_.most) return nullptr;
    for (std::size_t n = 0; n + how_.most_of_session <= own.size(); ++n)
        own[n]->give_way();
    auto made = std::make_shared<page_stream>(session, std::move(is_open));
    listeners_.push_back({made, true});
    if (!std::exchange(is_running_, true)) {
        auto work = run();
        asio::co_spawn(executor_, std::move(work), asio::detached);
    }
    return made;
}

void page_news::board::forget_those_that_are_gone() {
    std::erase_if(listeners_, [](const listener& one) { return one.stream.expired(); });
}

void page_news::board::on_office_changed(const storage::office_news& what) noexcept {
    if (what.passed) changed_ |= topic_overview | topic_trace;
    if (what.bans) changed_ |= topic_ban;
    if (what.audit) changed_ |= topic_audit | topic_overview;
    if (what.sessions) check_all();
}

awaitable<void> page_news::board::run() {
    const auto self = shared_from_this();
    const auto subscription = changes_.watch(executor_, *this);
    for (bool goes_on = true; goes_on;) {
        co_await time_.pause(how_.apart);
        goes_on = tell_all();
    }
}

bool page_news::board::tell_all() {
    const auto due = take_due();
    const bool looks = time_.now() - looked_ >= how_.look_apart;
    if (looks) looked_ = time_.now();
    const std::lock_guard lock(mutex_);
    forget_those_that_are_gone();
    for (auto& one : listeners_) {
        const auto stream = one.stream.lock();
        if (!stream) continue;
        if (looks) stream->check();
        // Something may have changed between its page's first questions and now.
        const std::uint8_t also = std::exchange(one.is_new, false) ? topic_all : 0;
        stream->tell(due | also);
    }
    is_running_ = !listeners_.empty();
    return is_running_;
}

std::uint8_t page_news::board::take_due() {
    std::uint8_t due = changed_;
    if ((due & dear_topics) != 0) {
        if (time_.now() - dear_told_ < how_.dear_apart)
            due &= static_cast<std::uint8_t>(~dear_topics);
        else
            dear_told_ = time_.now();
    }
    changed_ &= static_cast<std::uint8_t>(~due);
    return due;
}

void page_news::board::check_all() {
    const std::lock_guard lock(mutex_);
    for (const auto& one : listeners_)
        if (const auto stream = one.stream.lock()) stream->check();
}

page_news::page_news(storage::change_feed& changes,
                     const monotonic_clock& time,
                     asio::any_io_executor where,
                     settings how)
    : board_(std::make_shared<board>(changes, time, std::move(where), how)) {}

std::shared_ptr<page_stream> page_news::open(const sha256_digest& session,
                                             std::function<awaitable<bool>()> is_open) {
    return board_->open(session, std::move(is_open));
}

}  // namespace hauspost::admin::web
