#include "base/base64.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>

using namespace hauspost;

namespace {

std::string decoded(std::string_view text) {
    std::string out;
    base64::mime_decoder decoder;
    decoder.feed(text, out);
    decoder.finish(out);
    return out;
}

}  // namespace

TEST_CASE("base64: the examples of RFC 4648 10 go there and back") {
    const std::pair<std::string, std::string> examples[] = {{"", ""},
                                                            {"f", "Zg=="},
                                                            {"fo", "Zm8="},
                                                            {"foo", "Zm9v"},
                                                            {"foob", "Zm9vYg=="},
                                                            {"fooba", "Zm9vYmE="},
                                                            {"foobar", "Zm9vYmFy"}};
    for (const auto& [octets, text] : examples) {
        CHECK(base64::encode(octets) == text);
        CHECK(base64::decode(text) == octets);
        CHECK(decoded(text) == octets);
    }
}

TEST_CASE("base64: every length up to 100 and every octet value survive") {
    std::string octets;
    for (int i = 0; i < 256; ++i)
        octets.push_back(static_cast<char>(i));
    CHECK(base64::decode(base64::encode(octets)) == octets);
    for (std::size_t length = 0; length <= 100; ++length)
        CHECK(base64::decode(base64::encode(octets.substr(100, length))) ==
              octets.substr(100, length));
}

TEST_CASE("A16 base64: garbage is refused and never repaired") {
    for (const char* text :
         {"Zg", "Zg=", "Z===", "====", "=", "Zg==Zg==", "Zm9v\n", "Zm 9v", " Zm9v", "Zm9v ", "Zm9-",
          "Zm9_", "Zm=v", "Zm9v=", "Zh==", "Zm9=", "*", "Zm9v\r", "\xc3\xa4\xc3\xa4"})
        CHECK_MESSAGE(!base64::decode(text), text);
}

TEST_CASE("mime base64: the result does not depend on where the input is cut") {
    const std::string_view text = "Zm9v\r\nYmFy!!Zg==Zm8=\r\n-Zm9vY";
    const auto whole = decoded(text);
    CHECK(whole == "foobarffofoo");
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        std::string out;
        base64::mime_decoder decoder;
        decoder.feed(text.substr(0, cut), out);
        decoder.feed(text.substr(cut), out);
        decoder.finish(out);
        CHECK(out == whole);
    }
    std::string out;
    base64::mime_decoder decoder;
    for (const char c : text)
        decoder.feed({&c, 1}, out);
    decoder.finish(out);
    CHECK(out == whole);
}

TEST_CASE("mime base64: an incomplete end gives the whole octets it has") {
    CHECK(decoded("Zg") == "f");
    CHECK(decoded("Zm8") == "fo");
    CHECK(decoded("Z") == "");
}

TEST_CASE("D06 mime base64: one valid octet per line is decoded") {
    std::string spread;
    for (const char c : std::string("Zm9vYmFy"))
        spread += std::string(1, c) + "\r\n";
    CHECK(decoded(spread) == "foobar");
}
