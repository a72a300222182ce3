#include "base/base32.hpp"

#include "base/recovery_code.hpp"
#include "base/sha256.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace hauspost;

TEST_CASE("base32: the vectors of RFC 4648 10, without padding") {
    const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                           {"f", "MY"},
                                                           {"fo", "MZXQ"},
                                                           {"foo", "MZXW6"},
                                                           {"foob", "MZXW6YQ"},
                                                           {"fooba", "MZXW6YTB"},
                                                           {"foobar", "MZXW6YTBOI"}};
    for (const auto& [octets, text] : vectors) {
        CHECK(base32::encode(octets) == text);
        CHECK(base32::decode_typed(text) == octets);
    }
    CHECK(base32::decode_typed("MZXW6===") == "foo");
}

TEST_CASE("base32: what people type is read, what is none is not") {
    CHECK(base32::decode_typed("mzxw-6ytb oi") == "foobar");
    CHECK(base32::decode_typed("0O") == base32::decode_typed("OO"));
    CHECK(base32::decode_typed("1L") == base32::decode_typed("LL"));
    for (const char* wrong : {"8", "9", "MZ!", "\xc3\xbc", "a\nb"})
        CHECK_FALSE(base32::decode_typed(wrong).has_value());
    std::string all;
    for (int n = 0; n < 256; ++n)
        all.push_back(static_cast<char>(n));
    CHECK(base32::decode_typed(base32::encode(all)) == all);
}

TEST_CASE("sha256: the vectors of FIPS 180-4") {
    CHECK(to_hex(octets_of(sha256("abc"))) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(to_hex(octets_of(sha256(""))) ==
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(digest_of(octets_of(sha256("abc"))) == sha256("abc"));
    CHECK_FALSE(digest_of("short").has_value());
}

TEST_CASE("recovery code: each is another, and is known however it is typed") {
    std::set<std::string> all;
    for (int n = 0; n < 200; ++n) {
        const std::string code(recovery_code::make().reveal());
        CHECK(code.size() == 19);
        CHECK(code.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567-") == std::string::npos);
        CHECK(all.insert(code).second);
        const auto digest = recovery_code::digest(code);
        REQUIRE(digest.has_value());
        std::string other;
        for (const char c : code)
            if (c != '-') other += c == 'o' ? '0' : c == 'l' ? '1' : static_cast<char>(c & ~0x20);
        // Digits lose a bit by that; they are put back.
        for (std::size_t at = 0, from = 0; from < code.size(); ++from) {
            if (code[from] == '-') continue;
            if (code[from] >= '2' && code[from] <= '7') other[at] = code[from];
            ++at;
        }
        CHECK(recovery_code::digest(other) == digest);
        CHECK(recovery_code::digest(" " + code + " ") == digest);
    }
    for (const char* wrong : {"", "123456", "k2mq-7xdo-pw3t", "k2mq-7xdo-pw3t-9xqd-aaaa"})
        CHECK_FALSE(recovery_code::digest(wrong).has_value());
    CHECK_FALSE(recovery_code::digest(std::string(10'000, 'a')).has_value());
}
