#include "protocols/access/login_policy.hpp"

#include "protocols/access/login_refusal.hpp"

#include <boost/asio/this_coro.hpp>

namespace hauspost::access {

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
    if (verdict) {
        note_client(verdict->account);
        co_return admission(std::move(*verdict), std::move(news));
    }
    news.reset();
    note_refused(user, refusal_of(verdict.error()).log);
    ++failed_;
    co_await time_.pause(settings_.delay);
    co_return verdict.error();
}

void login_policy::say_program(std::string program, const sasl::identity& user) {
    program_ = std::move(program);
    if (user.account) note_client(user.account);
}

void login_policy::note_client(account_id account) const {
    const sasl::client client{settings_.protocol, peer_.peer().address, program_,
                              peer_.is_encrypted()};
    passwords_.note_client(account, client);
}

void login_policy::note_refused(std::string_view user, std::string_view reason) const {
    log_.info("login_failed", "peer={} user={} reason={}", peer_.peer().address, log_safe(user),
              reason);
}

}  // namespace hauspost::access
