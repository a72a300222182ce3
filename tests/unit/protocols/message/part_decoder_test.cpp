#include "protocols/message/part_decoder.hpp"

#include <doctest/doctest.h>

using namespace hauspost::message;

namespace {

std::string decoded(transfer_encoding how, std::string_view text, std::size_t cut) {
    part_decoder decoder(how);
    std::string out;
    decoder.feed(text.substr(0, cut), out);
    decoder.feed(text.substr(cut), out);
    decoder.finish(out);
    return out;
}

}  // namespace

TEST_CASE("part decoder: the same wherever the octets are cut") {
    struct entry {
        transfer_encoding how;
        std::string_view text, plain;
    };
    const entry all[] = {
        {transfer_encoding::base64, "SGVs\r\nbG8A\r\nIQ==", std::string_view("Hello\0!", 7)},
        {transfer_encoding::quoted_printable, "a=3D b=\r\nc  \r\nd", "a= bc\r\nd"},
        {transfer_encoding::identity, "as it is =41", "as it is =41"},
    };
    for (const auto& one : all)
        for (std::size_t cut = 0; cut <= one.text.size(); ++cut)
            CHECK(decoded(one.how, one.text, cut) == one.plain);
}
