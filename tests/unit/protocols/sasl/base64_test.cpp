#include "protocols/sasl/base64.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::sasl;

TEST_CASE("sasl base64: the examples of RFC 4648 10 go there and back") {
    const std::pair<std::string, std::string> examples[] = {{"", ""},
                                                            {"f", "Zg=="},
                                                            {"fo", "Zm8="},
                                                            {"foo", "Zm9v"},
                                                            {"foob", "Zm9vYg=="},
                                                            {"fooba", "Zm9vYmE="},
                                                            {"foobar", "Zm9vYmFy"}};
    for (const auto& [octets, text] : examples) {
        CHECK(encode_base64(octets) == text);
        CHECK(decode_base64(text) == octets);
    }
}

TEST_CASE("sasl base64: every length up to 100 and every octet value survive") {
    std::string octets;
    for (int i = 0; i < 256; ++i)
        octets.push_back(static_cast<char>(i));
    CHECK(decode_base64(encode_base64(octets)) == octets);
    for (std::size_t length = 0; length <= 100; ++length)
        CHECK(decode_base64(encode_base64(octets.substr(100, length))) ==
              octets.substr(100, length));
}

TEST_CASE("A16 sasl base64: garbage is refused and never repaired") {
    for (const char* text :
         {"Zg", "Zg=", "Z===", "====", "=", "Zg==Zg==", "Zm9v\n", "Zm 9v", " Zm9v", "Zm9v ", "Zm9-",
          "Zm9_", "Zm=v", "Zm9v=", "Zh==", "Zm9=", "*", "Zm9v\r", "\xc3\xa4\xc3\xa4"})
        CHECK_MESSAGE(!decode_base64(text), text);
}
