#include "protocols/imap/session/core/listening.hpp"

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace hauspost::imap {

awaitable<account_news> listen_to(account_id owner,
                                  storage::change_feed& changes,
                                  storage::account_listener& session) {
    const auto executor = co_await asio::this_coro::executor;
    auto news = std::make_unique<account_listening>(session);
    news->subscription = changes.subscribe(owner, executor, *news);
    co_return std::move(news);
}

}  // namespace hauspost::imap
