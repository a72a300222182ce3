#include "protocols/dkim/sha256.hpp"

#include "base/base64.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::dkim;

TEST_CASE("dkim sha256: in pieces as in one") {
    sha256 hash;
    hash.feed("a");
    hash.feed("");
    auto moved = std::move(hash);
    moved.feed("bc");
    // FIPS 180-2 B.1
    CHECK(hauspost::base64::encode(moved.finish()) ==
          "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    CHECK(sha256_of("abc").size() == sha256::octets);
}

TEST_CASE("dkim sha256: pieces of all sizes, small ones between large ones") {
    std::string text;
    for (unsigned i = 0; i < 20'000; ++i)
        text += static_cast<char>(i * i >> 3);
    for (const std::size_t step : {1, 7, 255, 256, 257, 1023, 1024, 1025, 5000}) {
        sha256 hash;
        for (std::size_t at = 0, size = step; at < text.size(); at += size) {
            size = at % 3 == 0 ? step : 3;
            hash.feed(std::string_view(text).substr(at, size));
        }
        CHECK_MESSAGE(hash.finish() == sha256_of(text), step);
    }
}
