#pragma once

#include "base/awaitable.hpp"
#include "base/sha256.hpp"
#include "base/suspension.hpp"
#include "protocols/http/session/event_source.hpp"

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

namespace hauspost::admin::web {

/// What a page shows, as bits.
enum page_topic : std::uint8_t {
    topic_overview = 1,
    topic_queue = 2,
    topic_trace = 4,
    topic_ban = 8,
    topic_audit = 16,
    topic_all = 31,
};

/// The events of one open page: which topics have changed, never with what. What is not taken yet
/// is only that, so a page that reads slowly costs nothing.
///
///     event: changed
///     data: overview queue
///
/// "event: full" is the last one of a page for which there is no room beside newer ones of its
/// browser.
///
/// Thread: tell, check and give_way, any; the others, that of the session.
class page_stream final : public http::event_source {
public:
    /// is_open  whether the owner's session still stands
    page_stream(const sha256_digest& session, std::function<awaitable<bool>()> is_open)
        : session_(session), is_open_(std::move(is_open)) {}

    [[nodiscard]] const sha256_digest& session() const noexcept { return session_; }

    void tell(std::uint8_t topics);
    /// The session may be over: the stream looks, and ends with it.
    void check();
    void give_way();

    awaitable<std::string> next() override;
    void stop() noexcept override;

private:
    struct news {
        std::uint8_t topics = 0;
        bool is_to_look = false;
        bool gives_way = false;
        bool is_over = false;
        [[nodiscard]] bool any() const noexcept {
            return topics != 0 || is_to_look || gives_way || is_over;
        }
    };
    template <class Change>
    void change(Change what);
    awaitable<news> take();

    const sha256_digest session_;
    const std::function<awaitable<bool>()> is_open_;
    std::mutex mutex_;  // of all below
    news waiting_;
    suspension* waiter_ = nullptr;
};

}  // namespace hauspost::admin::web
