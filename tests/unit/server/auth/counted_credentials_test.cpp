#include "server/auth/counted_credentials.hpp"

#include "tests/support/known_credentials.hpp"
#include "tests/support/run.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

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

class told_sign_ins final : public storage::sign_in_store {
public:
    void note(const storage::sign_in& seen) noexcept override { all.push_back(seen); }
    awaitable<std::vector<storage::last_sign_in>> find(account_id) override {
        co_return std::vector<storage::last_sign_in>();
    }
    awaitable<std::map<account_id, storage::last_sign_in>> latest(
        std::vector<account_id>) override {
        co_return std::map<account_id, storage::last_sign_in>();
    }
    awaitable<std::vector<std::pair<account_id, std::string>>> networks(std::size_t) override {
        co_return std::vector<std::pair<account_id, std::string>>();
    }
    std::vector<storage::sign_in> all;
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
    told_sign_ins sign_ins;
    auth::counted_credentials counted(judge, traffic, sign_ins);
    test::run(check(counted, "ann@a.example", "pw"));
    test::run(check(counted, "ann@a.example", "no"));
    test::run(check(counted, "nobody@a.example", "pw"));
    test::run(check(counted, "busy@a.example", "pw"));
    test::run(check(counted, "throttled@a.example", "pw"));
    CHECK(traffic.sign_ins == 1);
    CHECK(traffic.wrong == 2);
}

TEST_CASE("counted credentials: what a client says of itself becomes one short line") {
    test::known_credentials judge;
    counted_traffic traffic;
    told_sign_ins sign_ins;
    auth::counted_credentials counted(judge, traffic, sign_ins);
    sasl::client seen;
    seen.protocol = "imap";
    seen.address = "2001:db8:1:2::9";
    seen.is_encrypted = true;
    seen.program =
        std::string_view("Th\0under\r\nbird\x1b[2J \xe2\x80\xae\xff M\xc3\xbc",
                         sizeof("Th\0under\r\nbird\x1b[2J \xe2\x80\xae\xff M\xc3\xbc") - 1);
    counted.note_client(account_id(7), seen);
    const std::string longer = std::string(99, 'p') + "\xc3\xbc";
    seen.protocol = "pop3";
    seen.program = longer;
    counted.note_client(account_id(7), seen);
    seen.protocol = "submission";
    seen.is_encrypted = false;
    counted.note_client(account_id(7), seen);
    REQUIRE(sign_ins.all.size() == 3);
    CHECK(sign_ins.all[0].account == account_id(7));
    CHECK(sign_ins.all[0].door == storage::trace_door::imap);
    CHECK(sign_ins.all[0].address == "2001:db8:1:2::9");
    CHECK(sign_ins.all[0].network == "2001:db8:1:2::/64");
    CHECK(sign_ins.all[0].program == "Thunderbird[2J  M\xc3\xbc");
    CHECK(sign_ins.all[0].is_encrypted);
    CHECK(sign_ins.all[1].door == storage::trace_door::pop3);
    CHECK(sign_ins.all[1].program == std::string(99, 'p'));
    CHECK(sign_ins.all[2].door == storage::trace_door::submission);
    CHECK_FALSE(sign_ins.all[2].is_encrypted);
}
