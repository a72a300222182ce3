#include "protocols/sasl/mechanism.hpp"

#include "base/base64.hpp"
#include "protocols/sasl/credentials.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::sasl;

namespace {

std::string plain_message(const std::string& authzid,
                          const std::string& user,
                          const std::string& password) {
    return authzid + '\0' + user + '\0' + password;
}

outcome start_plain(const std::string& message) {
    const auto text = hauspost::base64::encode(message);
    return make_mechanism("PLAIN")->start(text);
}

}  // namespace

TEST_CASE("sasl: mechanisms are found without case, others are not there") {
    CHECK(make_mechanism("plain"));
    CHECK(make_mechanism("LoGiN"));
    CHECK(!make_mechanism("CRAM-MD5"));
    CHECK(!make_mechanism(""));
    CHECK(!make_mechanism("PLAIN "));
}

TEST_CASE("sasl PLAIN: an initial response carries user and password") {
    auto plain = make_mechanism("PLAIN");
    const auto text = hauspost::base64::encode(plain_message("", "anna@a.example", "secret words"));
    REQUIRE(plain->start(text) == outcome::credentials);
    CHECK(plain->user() == "anna@a.example");
    CHECK(plain->take_password().reveal() == "secret words");
    CHECK(plain->take_password().empty());
}

TEST_CASE("sasl PLAIN: without an initial response an empty challenge is sent") {
    auto plain = make_mechanism("PLAIN");
    REQUIRE(plain->start(std::nullopt) == outcome::challenge);
    CHECK(plain->challenge().empty());
    const auto text =
        hauspost::base64::encode(plain_message("ANNA@a.example", "anna@a.example", "pw"));
    CHECK(plain->respond(text) == outcome::credentials);
}

TEST_CASE("A16 sasl PLAIN: an authorization identity of somebody else is refused") {
    CHECK(start_plain(plain_message("ben", "anna", "pw")) == outcome::refused);
    CHECK(start_plain(plain_message("anna", "anna", "pw")) == outcome::credentials);
}

TEST_CASE("sasl PLAIN: one identity may be spelled in two ways") {
    const std::string u_label = "anna@m\xc3\xbcller.example",
                      a_label = "Anna@xn--mller-kva.example";
    CHECK(start_plain(plain_message(u_label, a_label, "pw")) == outcome::credentials);
    CHECK(start_plain(plain_message(a_label, u_label, "pw")) == outcome::credentials);
    CHECK(start_plain(plain_message("ben@m\xc3\xbcller.example", a_label, "pw")) ==
          outcome::refused);
}

TEST_CASE("A16 sasl PLAIN: empty or NUL-laden parts are malformed") {
    CHECK(start_plain("") == outcome::malformed);
    CHECK(start_plain("anna") == outcome::malformed);
    CHECK(start_plain(std::string("\0anna", 5)) == outcome::malformed);
    CHECK(start_plain(plain_message("", "", "pw")) == outcome::malformed);
    CHECK(start_plain(plain_message("", "anna", "")) == outcome::malformed);
    CHECK(start_plain(plain_message("", "anna", std::string("p\0w", 3))) == outcome::malformed);
    CHECK(start_plain(plain_message("", "anna\xff", "pw")) == outcome::malformed);
    CHECK(start_plain(plain_message("", "anna", "\xc0\x80")) == outcome::malformed);
}

TEST_CASE("A16 sasl: an initial response of '=' is empty, of no octets malformed") {
    CHECK(make_mechanism("PLAIN")->start("=") == outcome::malformed);
    CHECK(make_mechanism("PLAIN")->start("") == outcome::malformed);
    CHECK(make_mechanism("LOGIN")->start("=") == outcome::malformed);
}

TEST_CASE("sasl LOGIN: name and password are asked for in turn") {
    auto login = make_mechanism("LOGIN");
    REQUIRE(login->start(std::nullopt) == outcome::challenge);
    CHECK(login->challenge() == "VXNlcm5hbWU6");
    REQUIRE(login->respond("YW5uYQ==") == outcome::challenge);
    CHECK(login->challenge() == "UGFzc3dvcmQ6");
    REQUIRE(login->respond("cHc=") == outcome::credentials);
    CHECK(login->user() == "anna");
    CHECK(login->take_password().reveal() == "pw");
}

TEST_CASE("sasl LOGIN: an initial response is the name") {
    auto login = make_mechanism("LOGIN");
    REQUIRE(login->start("YW5uYQ==") == outcome::challenge);
    CHECK(login->challenge() == "UGFzc3dvcmQ6");
    CHECK(login->respond("") == outcome::malformed);
}

TEST_CASE("A16 sasl: '*' cancels at each challenge, garbage is malformed at each") {
    for (const std::string line : {"*", "!!!!", "Zg=", "="}) {
        const auto wanted = line == "*" ? outcome::cancelled : outcome::malformed;
        auto plain = make_mechanism("PLAIN");
        REQUIRE(plain->start(std::nullopt) == outcome::challenge);
        CHECK(plain->respond(line) == wanted);
        auto login = make_mechanism("LOGIN");
        REQUIRE(login->start(std::nullopt) == outcome::challenge);
        CHECK(login->respond(line) == wanted);
        auto second = make_mechanism("LOGIN");
        REQUIRE(second->start("YW5uYQ==") == outcome::challenge);
        CHECK(second->respond(line) == wanted);
    }
}

TEST_CASE("A16 sasl: a response at the limit is taken, one past it is not") {
    const auto message_of = [](std::size_t octets) {
        auto message = plain_message("", "u", "");
        return hauspost::base64::encode(message + std::string(octets - message.size(), 'p'));
    };
    constexpr auto at_limit = limits::max_response_octets / 4 * 3;
    CHECK(message_of(at_limit).size() == limits::max_response_octets);
    CHECK(make_mechanism("PLAIN")->start(message_of(at_limit)) == outcome::credentials);
    CHECK(make_mechanism("PLAIN")->start(message_of(at_limit + 1)) == outcome::malformed);
}

TEST_CASE("A16 sasl: a user name at the limit is taken, one past it is not") {
    const std::string name(limits::max_user_octets, 'u');
    CHECK(start_plain(plain_message("", name, "pw")) == outcome::credentials);
    CHECK(start_plain(plain_message("", name + "u", "pw")) == outcome::malformed);
}

TEST_CASE("sasl: each refusal has words") {
    CHECK(hauspost::fail(errc::wrong).message() == "wrong user name or password");
    CHECK(hauspost::fail(errc::busy).message().find("try again") != std::string::npos);
    CHECK(std::string(category().name()) == "sasl");
}
