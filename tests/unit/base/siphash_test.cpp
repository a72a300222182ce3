#include "base/siphash.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;

TEST_CASE("siphash: the published example, and each length and octet counts") {
    // The appendix of the paper: the key 00 01 .. 0f, the text 00 01 .. 0e.
    const siphash_key key{0x0706050403020100u, 0x0f0e0d0c0b0a0908u};
    std::string text;
    for (char c = 0; c < 15; ++c)
        text.push_back(c);
    CHECK(siphash(key, text) == 0xa129ca6149be45e5u);
    CHECK(siphash(key, "") == 0x726fdb47dd0e0e31u);
    CHECK(siphash(key, "a") != siphash(key, std::string("a\0", 2)));
    CHECK(siphash(key, "12345678") != siphash(key, "12345679"));
    CHECK(random_siphash_key() != random_siphash_key());
}
