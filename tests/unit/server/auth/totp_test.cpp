#include "server/auth/totp.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::auth;

namespace {

const std::string key = "12345678901234567890";

}  // namespace

TEST_CASE("totp: the vectors of RFC 4226 D") {
    const char* codes[] = {"755224", "287082", "359152", "969429", "338314",
                           "254676", "287922", "162583", "399871", "520489"};
    for (std::uint64_t counter = 0; counter < 10; ++counter)
        CHECK(totp::hotp(key, counter, 6) == codes[counter]);
    CHECK_THROWS(totp::hotp(key, 0, 9));
}

TEST_CASE("totp: the vectors of RFC 6238 B for SHA-1") {
    const std::pair<std::int64_t, const char*> vectors[] = {
        {59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
        {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"}};
    for (const auto& [time, code] : vectors)
        CHECK(totp::hotp(key, totp::step_at(time), 8) == code);
}

TEST_CASE("totp: a code counts for its step and one on either side, and only as six digits") {
    constexpr std::int64_t now = 1'700'000'000;
    const auto step = totp::step_at(now);
    for (std::uint64_t at = step - 3; at <= step + 3; ++at) {
        const bool is_near = at + 1 >= step && at <= step + 1;
        const auto found = totp::find_step(key, totp::hotp(key, at, 6), now);
        CHECK(found.has_value() == is_near);
        if (found) CHECK(*found == at);
    }
    const auto code = totp::hotp(key, step, 6);
    CHECK(totp::find_step(key, code.substr(0, 3) + " " + code.substr(3), now) == step);
    CHECK_FALSE(totp::find_step(key, "", now).has_value());
    CHECK_FALSE(totp::find_step(key, code.substr(1), now).has_value());
    CHECK_FALSE(totp::find_step(key, code + "0", now).has_value());
    CHECK_FALSE(totp::find_step(key, std::string(1000, ' ') + code, now).has_value());
    CHECK_FALSE(totp::find_step("", totp::hotp("", step, 6), now).has_value());
    // At the beginning of time, and before it.
    CHECK(totp::find_step(key, "755224", 0) == 0);
    CHECK(totp::find_step(key, "755224", -1'000) == 0);
}
