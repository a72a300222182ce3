#include "protocols/access/login_policy.hpp"

#include "base/log.hpp"
#include "protocols/net/turn.hpp"

#include <boost/asio/this_coro.hpp>

namespace hauspost::access {
namespace {

std::string_view word_of(error_code why) {
    if (why == sasl::errc::wrong) return "wrong_password";  // or no such user
    if (why == sasl::errc::disabled) return "switched_off";
    if (why == sasl::errc::busy) return "busy";
    if (why == sasl::errc::throttled) return "banned";
    return "fault";
}

}  // namespace

awaitable<result<admission>> login_policy::log_in(std::string user, secret password) {
    const auto executor = co_await asio::this_coro::executor;
    std::unique_ptr<storage::change_feed::subscription> news;
    const auto subscribe = [&](account_id account) {
        news = changes_.subscribe(account, executor, session_);
    };
    const function_ref<void(account_id)> listen(subscribe);
    std::string name = user;
    std::string address = peer_.peer().address;
    auto verdict =
        co_await passwords_.check(std::move(name), std::move(password), std::move(address), listen);
    if (verdict) co_return admission(std::move(*verdict), std::move(news));
    news.reset();
    note_refused(user, word_of(verdict.error()));
    ++failed_;
    co_await net::pause(settings_.delay);
    co_return verdict.error();
}

void login_policy::note_refused(std::string_view user, std::string_view reason) const {
    const auto& peer = peer_.peer();
    log::info("login_failed cid={} proto={} peer={} user={} reason={}", peer.id.value(),
              settings_.protocol, peer.address, log_safe(user), reason);
}

}  // namespace hauspost::access
