#include "server/services/account_sessions.hpp"

#include <utility>

namespace hauspost::server {

bool account_sessions::enter(account_id account) {
    const std::size_t most = most_;
    const std::lock_guard lock(mutex_);
    auto& open = open_[account];
    if (most != 0 && open >= most) return false;
    ++open;
    return true;
}

void account_sessions::leave(account_id account) noexcept {
    const std::lock_guard lock(mutex_);
    const auto found = open_.find(account);
    if (found != open_.end() && --found->second == 0) open_.erase(found);
}

awaitable<result<sasl::identity>> counted_credentials::check(
    std::string user, secret password, std::string peer, function_ref<void(account_id)> listen) {
    auto verdict =
        co_await passwords_.check(std::move(user), std::move(password), std::move(peer), listen);
    if (!verdict) co_return verdict;
    forget();
    if (!sessions_.enter(verdict->account)) co_return make_error_code(sasl::errc::busy);
    counted_for_ = verdict->account;
    co_return verdict;
}

void counted_credentials::forget() noexcept {
    if (counted_for_ != account_id()) sessions_.leave(std::exchange(counted_for_, account_id()));
}

}  // namespace hauspost::server
