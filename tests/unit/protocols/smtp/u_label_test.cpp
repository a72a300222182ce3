#include "protocols/smtp/u_label.hpp"

#include "base/utf8.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::smtp;

TEST_CASE("u-label: encoded labels become UTF-8, others stay") {
    CHECK(to_u_labels("xn--mller-kva.example") == "m\xc3\xbcller.example");
    CHECK(to_u_labels("XN--BCHER-KVA.Example") ==
          "B\xc3\xbc"
          "CHER.Example");
    CHECK(to_u_labels("a.xn--fiqs8s") == "a.\xe4\xb8\xad\xe5\x9b\xbd");
    CHECK(to_u_labels("a.example") == "a.example");
    CHECK(to_u_labels("") == "");
    CHECK(to_u_labels("xn--.example") == "xn--.example");
    CHECK(to_u_labels("xn--a_b!.example") == "xn--a_b!.example");
}

TEST_CASE("u-label: RFC 3492 7.1 samples") {
    // (A) Arabic (Egyptian), (B) Chinese simplified, (L) Japanese with digits
    CHECK(decode_punycode("egbpdaj6bu4bxfgehfvwxn") ==
          "\xd9\x84\xd9\x8a\xd9\x87\xd9\x85\xd8\xa7\xd8\xa8\xd8\xaa\xd9\x83\xd9\x84\xd9\x85\xd9\x88"
          "\xd8\xb4\xd8\xb9\xd8\xb1\xd8\xa8\xd9\x8a\xd8\x9f");
    CHECK(decode_punycode("ihqwcrb4cv8a8dqg056pqjye") ==
          "\xe4\xbb\x96\xe4\xbb\xac\xe4\xb8\xba\xe4\xbb\x80\xe4\xb9\x88\xe4\xb8\x8d\xe8\xaf\xb4\xe4"
          "\xb8\xad\xe6\x96\x87");
    CHECK(decode_punycode("3B-ww4c5e180e575a65lsy2b").has_value());
}

TEST_CASE("u-label: what is no Punycode is refused, at any length") {
    for (const auto* bad :
         {"", "-", "99999999", "a-\xc3", "kva!", "zzzzzzzzzzzzzzzzzzzzzzzz", "0"}) {
        const auto got = decode_punycode(bad);
        CHECK_MESSAGE((!got || hauspost::utf8::is_valid(*got)), bad);
    }
    CHECK(!decode_punycode("99999999"));
    CHECK(!decode_punycode(std::string(60, 'a')));
    for (std::size_t n = 1; n < 60; ++n)
        for (const char c : {'a', 'b', 'z', '0', '9', '-'}) {
            const auto got = decode_punycode(std::string(n, c));
            CHECK((!got || hauspost::utf8::is_valid(*got)));
        }
}
