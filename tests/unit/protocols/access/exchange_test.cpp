#include "protocols/access/exchange.hpp"

#include "base/base64.hpp"
#include "tests/support/run.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <string>

using namespace hauspost;

namespace {

/// A client whose lines are known.
class script final : public access::exchange_lines {
public:
    explicit script(std::deque<std::string> lines) : lines_(std::move(lines)) {}
    void send_challenge(std::string_view challenge) override {
        challenges += std::string(challenge) + '\n';
    }
    awaitable<std::optional<std::string>> read_response() override {
        if (lines_.empty()) co_return std::nullopt;
        std::string line = std::move(lines_.front());
        lines_.pop_front();
        co_return line;
    }
    std::string challenges;

private:
    std::deque<std::string> lines_;
};

std::optional<sasl::outcome> exchange(sasl::mechanism& by,
                                      std::optional<std::string_view> initial,
                                      script& client) {
    std::optional<sasl::outcome> end;
    const auto work = [](sasl::mechanism& with, std::optional<std::string_view> first, script& to,
                         std::optional<sasl::outcome>& out) -> awaitable<void> {
        out = co_await access::run_exchange(with, first, to);
    };
    test::run(work(by, initial, client, end));
    return end;
}

}  // namespace

TEST_CASE("exchange: LOGIN asks twice, PLAIN with an initial response never") {
    const auto login = sasl::make_mechanism("LOGIN");
    script client({base64::encode("ann@a.example"), base64::encode("pw")});
    CHECK(exchange(*login, std::nullopt, client) == sasl::outcome::credentials);
    CHECK(client.challenges == "VXNlcm5hbWU6\nUGFzc3dvcmQ6\n");
    CHECK(login->user() == "ann@a.example");
    const auto plain = sasl::make_mechanism("PLAIN");
    script silent({});
    const auto initial = base64::encode(std::string("\0ann@a.example\0pw", 17));
    CHECK(exchange(*plain, initial, silent) == sasl::outcome::credentials);
    CHECK(silent.challenges.empty());
}

TEST_CASE("exchange: a client that takes it back, or is gone, has not logged in") {
    const auto one = sasl::make_mechanism("LOGIN");
    script cancelled({"*"});
    CHECK(exchange(*one, std::nullopt, cancelled) == sasl::outcome::cancelled);
    const auto other = sasl::make_mechanism("PLAIN");
    script gone({});
    CHECK(exchange(*other, std::nullopt, gone) == std::nullopt);
}
