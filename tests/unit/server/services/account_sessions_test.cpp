#include "server/services/account_sessions.hpp"

#include "tests/support/run.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace hauspost;
using namespace hauspost::server;

namespace {

/// Account 1 for everybody but "other", whose is 2, and "wrong".
class fake_passwords final : public sasl::credentials {
public:
    awaitable<result<sasl::identity>> check(std::string user,
                                            secret,
                                            std::string,
                                            function_ref<void(account_id)>) override {
        if (user == "wrong") co_return make_error_code(sasl::errc::wrong);
        co_return sasl::identity(account_id(user == "other" ? 2 : 1), user);
    }
};

error_code log_in(sasl::credentials& session, const std::string& user) {
    error_code refused;
    const auto ask = [](sasl::credentials& in, std::string who,
                        error_code& out) -> awaitable<void> {
        secret password("x");
        const auto listen = [](account_id) {};
        const auto verdict =
            co_await in.check(std::move(who), std::move(password), "192.0.2.1", listen);
        if (!verdict) out = verdict.error();
    };
    test::run(ask(session, user, refused));
    return refused;
}

}  // namespace

TEST_CASE("account sessions: an account has its sessions at once and not one more") {
    fake_passwords passwords;
    account_sessions sessions(2);
    std::vector<std::unique_ptr<counted_credentials>> open;
    const auto next = [&](const std::string& user) {
        open.push_back(std::make_unique<counted_credentials>(passwords, sessions));
        return log_in(*open.back(), user);
    };
    CHECK_FALSE(next("ann"));
    CHECK_FALSE(next("ann"));
    CHECK(next("ann") == sasl::errc::busy);
    CHECK(next("wrong") == sasl::errc::wrong);
    CHECK_FALSE(next("other"));
    open.erase(open.begin());
    CHECK_FALSE(log_in(*open[1], "ann"));  // the one that was refused tries again
    CHECK(next("ann") == sasl::errc::busy);
    open.clear();
    CHECK_FALSE(next("ann"));
    CHECK_FALSE(next("ann"));
    CHECK(next("ann") == sasl::errc::busy);
    sessions.set_most(0);
    CHECK_FALSE(next("ann"));
}
