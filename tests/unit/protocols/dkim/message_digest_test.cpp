#include "protocols/dkim/message_digest.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::dkim;

namespace {

message_digest digest(std::initializer_list<std::string_view> pieces) {
    message_digest made;
    for (const auto piece : pieces)
        made.feed(piece);
    made.finish();
    return made;
}

}  // namespace

TEST_CASE("dkim digest: header and body, the octets cut anywhere") {
    const std::string_view message = "From: a\r\nTo: b\r\n\r\nbody  x\r\n\r\n";
    const auto hash = sha256_of("body x\r\n");
    for (std::size_t first = 0; first <= message.size(); ++first)
        for (std::size_t second = first; second <= message.size(); ++second) {
            const auto made =
                digest({message.substr(0, first), message.substr(first, second - first),
                        message.substr(second)});
            CHECK(made.header() == "From: a\r\nTo: b\r\n");
            CHECK(made.body_hash() == hash);
            CHECK(!made.fault());
        }
}

TEST_CASE("dkim digest: a message without body, without header, without its last line end") {
    const auto empty = sha256_of("");
    CHECK(digest({"From: a\r\n"}).body_hash() == empty);
    CHECK(digest({"From: a"}).header() == "From: a\r\n");
    CHECK(digest({"From: a\r\n\r\n"}).body_hash() == empty);
    CHECK(digest({"\r\nbody"}).header().empty());
    CHECK(digest({"\r\nbody"}).body_hash() == sha256_of("body\r\n"));
    CHECK(digest({}).body_hash() == empty);
}

TEST_CASE("A02 dkim digest: a message with a CR or LF alone is not signed") {
    for (const auto* message :
         {"From: a\nTo: b\r\n\r\nx\r\n", "From: a\r\n\r\nx\ny\r\n", "From: a\r\n\r\nx\ry\r\n",
          "From: a\r\n\r\nx\r", "From: a\r\r\n\r\nx", "From: a\r\n\n\r\nx", "From: a\r"}) {
        const auto made = digest({message});
        CHECK_MESSAGE(made.fault() == signing_fault::bare_line_end, message);
    }
}

TEST_CASE("F02 dkim digest: a header at the limit is kept, one beyond it is let go") {
    std::string header = "From: a\r\nX: ";
    header.append(message_digest::max_header_octets - header.size() - 4, 'x');
    header += "\r\n";
    const auto made = digest({header, "\r\n", "body"});
    CHECK(!made.fault());
    CHECK(made.header().size() == message_digest::max_header_octets - 2);
    const std::string more(message_digest::max_header_octets, 'x');
    const auto beyond = digest({"From: a\r\nX: ", more, more, "\r\n\r\nbody"});
    CHECK(beyond.fault() == signing_fault::header_too_long);
    CHECK(beyond.header().size() <= 2);
}
