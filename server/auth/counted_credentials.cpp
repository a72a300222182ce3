#include "server/auth/counted_credentials.hpp"

#include <utility>

namespace hauspost::auth {

awaitable<result<sasl::identity>> counted_credentials::check(
    std::string user, secret password, std::string peer, function_ref<void(account_id)> listen) {
    auto work = judge_.check(std::move(user), std::move(password), std::move(peer), listen);
    auto verdict = co_await std::move(work);
    if (verdict)
        traffic_.note_sign_in(true);
    else if (verdict.error() == sasl::errc::wrong)
        traffic_.note_sign_in(false);
    co_return verdict;
}

}  // namespace hauspost::auth
