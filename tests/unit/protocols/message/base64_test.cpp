#include "protocols/message/base64.hpp"

#include <doctest/doctest.h>

using namespace hauspost::message;

namespace {

std::string decoded(std::string_view text) {
    std::string out;
    base64_decoder decoder;
    decoder.feed(text, out);
    decoder.finish(out);
    return out;
}

}  // namespace

TEST_SUITE("message base64") {
    TEST_CASE("the test vectors of RFC 4648 10 go there and back") {
        const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                               {"f", "Zg=="},
                                                               {"fo", "Zm8="},
                                                               {"foo", "Zm9v"},
                                                               {"foob", "Zm9vYg=="},
                                                               {"fooba", "Zm9vYmE="},
                                                               {"foobar", "Zm9vYmFy"}};
        for (const auto& [plain, text] : vectors) {
            CHECK(encode_base64(plain) == text);
            CHECK(decoded(text) == plain);
        }
    }

    TEST_CASE("the result does not depend on where the input is cut") {
        const std::string_view text = "Zm9v\r\nYmFy!!Zg==Zm8=\r\n-Zm9vY";
        const auto whole = decoded(text);
        CHECK(whole == "foobarffofoo");
        for (std::size_t cut = 0; cut <= text.size(); ++cut) {
            std::string out;
            base64_decoder decoder;
            decoder.feed(text.substr(0, cut), out);
            decoder.feed(text.substr(cut), out);
            decoder.finish(out);
            CHECK(out == whole);
        }
        std::string out;
        base64_decoder decoder;
        for (const char c : text)
            decoder.feed({&c, 1}, out);
        decoder.finish(out);
        CHECK(out == whole);
    }

    TEST_CASE("an incomplete end gives the whole octets it has") {
        CHECK(decoded("Zg") == "f");
        CHECK(decoded("Zm8") == "fo");
        CHECK(decoded("Z") == "");
    }

    TEST_CASE("D06: one valid octet per line is decoded") {
        std::string spread;
        for (const char c : std::string("Zm9vYmFy"))
            spread += std::string(1, c) + "\r\n";
        CHECK(decoded(spread) == "foobar");
    }
}
