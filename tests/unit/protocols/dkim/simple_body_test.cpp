#include "protocols/dkim/simple_body.hpp"

#include "base/base64.hpp"
#include "protocols/dkim/sha256.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace hauspost::dkim;

namespace {

std::string simple(std::initializer_list<std::string_view> pieces) {
    std::string form;
    const auto gather = [&form](std::string_view piece) { form += piece; };
    simple_body body;
    for (const auto piece : pieces)
        body.feed(piece, gather);
    body.finish(gather);
    return form;
}

}  // namespace

TEST_CASE("dkim simple body: RFC 6376 3.4.5 and the hash of a body without text, 3.4.3") {
    CHECK(simple({" C \r\nD \t E\r\n\r\n\r\n"}) == " C \r\nD \t E\r\n");
    CHECK(hauspost::base64::encode(sha256_of(simple({}))) ==
          "frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=");
}

TEST_CASE("dkim simple body: the end is one line end, whatever it was") {
    CHECK(simple({"a"}) == "a\r\n");
    CHECK(simple({"\r\n\r\n"}) == "\r\n");
    CHECK(simple({"\r\n\r\na\r\n\r\nb\r\n\r\n"}) == "\r\n\r\na\r\n\r\nb\r\n");
    CHECK(simple({"a\r"}) == "a\r\r\n");
    CHECK(simple({"a\r\n\r"}) == "a\r\n\r\r\n");
    CHECK(simple({"a\nb\rc\r\n"}) == "a\nb\rc\r\n");
}

TEST_CASE("dkim simple body: where the octets are cut changes nothing") {
    const std::string_view octets = "\r\na \t\r\n\r\nb\rc\n\r\r\n\r\n\r\n";
    const auto whole = simple({octets});
    for (std::size_t cut = 0; cut <= octets.size(); ++cut)
        CHECK(simple({octets.substr(0, cut), octets.substr(cut)}) == whole);
}

TEST_CASE("dkim simple body: a million empty lines take no memory and come out before text") {
    std::string lines;
    for (int i = 0; i < 1000; ++i)
        lines += "\r\n";
    std::size_t octets = 0;
    const auto count = [&octets](std::string_view piece) { octets += piece.size(); };
    simple_body body;
    for (int i = 0; i < 1000; ++i)
        body.feed(lines, count);
    CHECK(octets == 0);
    body.feed("a", count);
    body.finish(count);
    CHECK(octets == 2'000'003);
}
