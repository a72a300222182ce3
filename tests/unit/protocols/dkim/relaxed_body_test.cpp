#include "protocols/dkim/relaxed_body.hpp"

#include "base/base64.hpp"
#include "protocols/dkim/sha256.hpp"
#include "tests/unit/protocols/dkim/vectors.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace hauspost::dkim;

namespace {

std::string relaxed(std::initializer_list<std::string_view> pieces, bool* bare = nullptr) {
    std::string form;
    const auto gather = [&form](std::string_view piece) { form += piece; };
    relaxed_body body;
    for (const auto piece : pieces)
        body.feed(piece, gather);
    body.finish(gather);
    if (bare != nullptr) *bare = body.has_bare_line_end();
    return form;
}

}  // namespace

TEST_CASE("dkim relaxed body: RFC 6376 3.4.5 and the hash of a body without text, 3.4.4") {
    CHECK(relaxed({" C \r\nD \t E\r\n\r\n\r\n"}) == " C\r\nD E\r\n");
    CHECK(hauspost::base64::encode(sha256_of(relaxed({""}))) ==
          "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
}

TEST_CASE("dkim relaxed body: RFC 8463 A.3 bh=") {
    CHECK(hauspost::base64::encode(sha256_of(relaxed({hauspost::test::rfc8463::body}))) ==
          "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=");
}

TEST_CASE("dkim relaxed body: white space, empty lines and the last line end") {
    const std::vector<std::pair<std::string_view, std::string_view>> cases{
        {"", ""},
        {"\r\n", ""},
        {" \t\r\n\r\n \r\n", ""},
        {" ", ""},
        {"a", "a\r\n"},
        {"a\r\n", "a\r\n"},
        {"a \t", "a\r\n"},
        {"a\r\n\r\n \r\n", "a\r\n"},
        {"\r\n\r\na\r\n", "\r\n\r\na\r\n"},
        {"a\r\n\t \r\nb\r\n", "a\r\n\r\nb\r\n"},
        {"\ta  b\t\tc \r\n", " a b c\r\n"},
        {"a b\r\nc d\r\n", "a b\r\nc d\r\n"},
        {"a\tb\r\n", "a b\r\n"},
        {std::string_view("\0\x80\xff \0\r\n", 7), std::string_view("\0\x80\xff \0\r\n", 7)},
    };
    for (const auto& [body, form] : cases) {
        bool bare = true;
        CHECK_MESSAGE(relaxed({body}, &bare) == form, body);
        CHECK_FALSE(bare);
    }
}

TEST_CASE("dkim relaxed body: octets may be cut anywhere") {
    for (const std::string_view body : {
             std::string_view("a b  c \t\r\n\r\n\r\n d\te\r\nf\r\n \r\n"),
             std::string_view("\r\n\r\nx\rz \r\r\n\ny\r\n"),
             std::string_view(" \r\nlast \r"),
         }) {
        const auto whole = relaxed({body});
        for (std::size_t first = 0; first <= body.size(); ++first)
            for (std::size_t second = first; second <= body.size(); ++second)
                CHECK(relaxed({body.substr(0, first), body.substr(first, second - first),
                               body.substr(second)}) == whole);
    }
}

TEST_CASE("dkim relaxed body: a CR or LF alone is said") {
    for (const auto* body : {"a\nb\r\n", "a\rb\r\n", "a\r", "\n", "a\r\r\n", "\r"}) {
        bool bare = false;
        (void)relaxed({body}, &bare);
        CHECK_MESSAGE(bare, body);
    }
}

TEST_CASE("F02 dkim relaxed body: 50 MB of empty lines are counted, not kept") {
    const std::string lines = [] {
        std::string text;
        for (int i = 0; i < 50'000; ++i)
            text += "\r\n";
        return text;
    }();
    std::size_t octets = 0;
    const auto count = [&octets](std::string_view piece) { octets += piece.size(); };
    relaxed_body body;
    for (int i = 0; i < 500; ++i)
        body.feed(lines, count);
    CHECK(octets == 0);
    body.feed("x", count);
    CHECK(octets == 500 * lines.size() + 1);
    body.finish(count);
    CHECK(octets == 500 * lines.size() + 3);
}
