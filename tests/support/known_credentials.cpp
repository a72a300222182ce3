#include "tests/support/known_credentials.hpp"

#include "storage/fault.hpp"

namespace hauspost::test {

awaitable<result<sasl::identity>> known_credentials::check(std::string user,
                                                           secret password,
                                                           std::string,
                                                           function_ref<void(account_id)> listen) {
    if (user.starts_with("busy@")) co_return fail(sasl::errc::busy);
    if (user.starts_with("off@")) co_return fail(sasl::errc::disabled);
    if (user.starts_with("throttled@")) co_return fail(sasl::errc::throttled);
    if (user.starts_with("fault@")) throw storage::fault("the disk is broken");
    const auto known = users.find(user);
    if (known == users.end() || password.reveal() != "pw") co_return fail(sasl::errc::wrong);
    listen(known->second);
    if (after_listening) after_listening();
    co_return sasl::identity(known->second, user);
}

}  // namespace hauspost::test
