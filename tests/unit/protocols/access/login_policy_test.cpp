#include "protocols/access/login_policy.hpp"

#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_stream.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

using namespace hauspost;

namespace {

/// Refuses everybody.
class refusing final : public sasl::credentials {
public:
    awaitable<result<sasl::identity>> check(std::string,
                                            secret,
                                            std::string,
                                            function_ref<void(account_id)>) override {
        co_return make_error_code(why);
    }
    sasl::errc why = sasl::errc::wrong;
};

class no_news final : public storage::change_feed {
public:
    std::unique_ptr<subscription> subscribe(account_id,
                                            asio::any_io_executor,
                                            storage::account_listener&) override {
        return nullptr;
    }
    std::unique_ptr<subscription> watch(asio::any_io_executor, storage::account_watcher&) override {
        return nullptr;
    }
};

class nobody final : public storage::account_listener {
public:
    void on_mail_changed(modseq) noexcept override {}
    void on_credentials_changed() noexcept override {}
};

struct guesser {
    /// One login, until it waits or has been answered.
    void guess() {
        answer.reset();
        auto task = [](guesser& self) -> awaitable<void> {
            const auto let_in = co_await self.logins.log_in("ann@a.example", secret("guess"));
            self.answer = let_in ? error_code() : let_in.error();
        };
        asio::co_spawn(io, task(*this), [](std::exception_ptr) {});
        io.restart();
        io.poll();
    }
    void pass(std::chrono::milliseconds time) {
        clock.advance(time);
        io.restart();
        io.poll();
    }

    asio::io_context io{1};
    test::manual_clock clock;
    test::memory_stream peer;
    refusing passwords;
    no_news changes;
    nobody session;
    access::login_policy logins{
        peer, passwords, changes, session, {"test", std::chrono::milliseconds(2000), 3}, clock};
    std::optional<error_code> answer;
};

}  // namespace

TEST_CASE("E03 login policy: a refusal is answered after its delay and not before") {
    for (const auto why : {sasl::errc::wrong, sasl::errc::busy, sasl::errc::throttled}) {
        guesser at;
        at.passwords.why = why;
        at.guess();
        CHECK_FALSE(at.answer.has_value());
        at.pass(std::chrono::milliseconds(1999));
        CHECK_FALSE(at.answer.has_value());
        at.pass(std::chrono::milliseconds(1));
        REQUIRE(at.answer.has_value());
        CHECK(*at.answer == make_error_code(why));
    }
}

TEST_CASE("E03 login policy: a peer that fails too often is over, whatever it was told") {
    guesser at;
    for (int n = 0; n < 3; ++n) {
        CHECK_FALSE(at.logins.is_over());
        at.guess();
        at.pass(std::chrono::seconds(2));
    }
    CHECK(at.logins.is_over());
}

namespace {

/// Lets everybody in, and hears what he says of himself.
class welcoming final : public sasl::credentials {
public:
    awaitable<result<sasl::identity>> check(std::string user,
                                            secret,
                                            std::string,
                                            function_ref<void(account_id)>) override {
        co_return sasl::identity(account_id(7), std::move(user));
    }
    void note_client(account_id account, const sasl::client& client) noexcept override {
        said.push_back(std::to_string(account.value()) + ' ' + std::string(client.protocol) + ' ' +
                       std::string(client.address) + ' ' + std::string(client.program) +
                       (client.is_encrypted ? " tls" : ""));
    }
    std::vector<std::string> said;
};

}  // namespace

TEST_CASE("login policy: whoever is let in is told of with the program that he has named so far") {
    asio::io_context io{1};
    test::manual_clock clock;
    test::memory_stream peer;
    welcoming passwords;
    no_news changes;
    nobody session;
    access::login_policy logins{
        peer, passwords, changes, session, {"imap", std::chrono::milliseconds(2000), 3}, clock};
    sasl::identity stranger;
    logins.say_program("Mutt", stranger);
    CHECK(passwords.said.empty());
    sasl::identity user;
    auto task = [](access::login_policy& by, sasl::identity& into) -> awaitable<void> {
        const auto let_in = co_await by.log_in("ann@a.example", secret("right"));
        if (let_in) into = let_in->user;
    };
    test::run(io, task(logins, user));
    const auto address = peer.peer().address;
    CHECK(passwords.said == std::vector<std::string>{"7 imap " + address + " Mutt"});
    logins.say_program("Thunderbird", user);
    REQUIRE(passwords.said.size() == 2);
    CHECK(passwords.said[1] == "7 imap " + address + " Thunderbird");
}
