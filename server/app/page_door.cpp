#include "server/app/page_door.hpp"

#include "server/auth/totp.hpp"

#include <chrono>
#include <utility>

namespace hauspost::server {
namespace {

admin::door_verdict verdict_of(const auth::owner_verdict& seen) {
    using from = auth::owner_verdict::kind;
    using to = admin::door_verdict::kind;
    admin::door_verdict made;
    made.number = seen.tries_left;
    made.failed = seen.failed;
    switch (seen.of) {
    case from::right: made.of = to::right; break;
    case from::wrong: made.of = to::wrong; break;
    case from::code_wanted: made.of = to::code_wanted; break;
    case from::wrong_code: made.of = to::wrong_code; break;
    case from::used_code: made.of = to::used_code; break;
    case from::wait:
        made.of = to::wait;
        made.number = static_cast<std::uint64_t>(seen.pause.count());
        break;
    case from::busy: made.of = to::busy; break;
    case from::unsaved: made.of = to::unsaved; break;
    }
    return made;
}

}  // namespace

awaitable<admin::door_verdict> page_door::sign_in(secret password,
                                                  secret code,
                                                  storage::web_session opened,
                                                  storage::session_limits limits) {
    const auto seen =
        co_await login_.sign_in(std::move(password), std::move(code), std::move(opened), limits);
    co_return verdict_of(seen);
}

awaitable<admin::door_verdict> page_door::check_password(secret password, std::string peer) {
    const auto seen = co_await login_.check_password(std::move(password), std::move(peer));
    co_return verdict_of(seen);
}

awaitable<std::optional<bool>> page_door::is_present(std::string password_hash, secret password) {
    const auto found = co_await hashes_.verify_owner(std::move(password_hash), std::move(password));
    if (!found) co_return std::nullopt;
    co_return found->fits;
}

std::optional<std::uint64_t> page_door::find_step(const secret& totp_key,
                                                  const std::string& code) const {
    return auth::totp::find_step(totp_key.reveal(), code,
                                 std::chrono::system_clock::to_time_t(time_.now()));
}

}  // namespace hauspost::server
