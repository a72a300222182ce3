#include "server/auth/counted_credentials.hpp"

#include "tests/support/known_credentials.hpp"
#include "tests/support/run.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;

namespace {

class counted_traffic final : public storage::traffic_store {
public:
    void note_sign_in(bool right) noexcept override { ++(right ? sign_ins : wrong); }
    awaitable<std::vector<storage::hourly_traffic>> read(std::int64_t) override {
        co_return std::vector<storage::hourly_traffic>();
    }
    int sign_ins = 0;
    int wrong = 0;
};

awaitable<void> check(sasl::credentials& by, std::string user, std::string password) {
    const auto listen = [](account_id) {};
    auto work = by.check(std::move(user), secret(std::move(password)), "192.0.2.1", listen);
    (void)co_await std::move(work);
}

}  // namespace

TEST_CASE(
    "counted credentials: who gets in and who is wrong are counted, what was not tried is not") {
    test::known_credentials judge;
    judge.users["ann@a.example"] = account_id(1);
    counted_traffic traffic;
    auth::counted_credentials counted(judge, traffic);
    test::run(check(counted, "ann@a.example", "pw"));
    test::run(check(counted, "ann@a.example", "no"));
    test::run(check(counted, "nobody@a.example", "pw"));
    test::run(check(counted, "busy@a.example", "pw"));
    test::run(check(counted, "throttled@a.example", "pw"));
    CHECK(traffic.sign_ins == 1);
    CHECK(traffic.wrong == 2);
}
