#include "protocols/imap/rights.hpp"

#include "protocols/imap/command.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace hauspost::imap;

TEST_CASE("rights: letters there and back, with the virtual c and d (RFC 4314 2.1.1)") {
    CHECK(parse_rights("lrswipkxtea") == right_bits::all);
    CHECK(parse_rights("") == 0u);
    CHECK(parse_rights("ll") == right_bits::lookup);
    CHECK(parse_rights("c") == (right_bits::create | right_bits::remove));
    CHECK(parse_rights("d") == (right_bits::expunge | right_bits::delete_messages));
    CHECK(write_rights(right_bits::all) == "lrswipkxteacd");
    CHECK(write_rights(0).empty());
    CHECK(write_rights(right_bits::create) == "kc");
    CHECK(write_rights(right_bits::remove | right_bits::expunge) == "xecd");
    for (std::uint32_t bits = 0; bits <= right_bits::all; ++bits) {
        auto letters = write_rights(bits);
        letters.resize(letters.find_first_of("cd") == std::string::npos
                           ? letters.size()
                           : letters.find_first_of("cd"));
        CHECK(parse_rights(letters) == bits);
    }
}

TEST_CASE("rights: every other octet is none") {
    for (int c = 0; c < 256; ++c) {
        const std::string letter(1, static_cast<char>(c));
        const bool is_right = std::string("lrswipkxteacd").find(letter) != std::string::npos;
        CHECK(parse_rights(letter).has_value() == is_right);
    }
}

TEST_CASE("rights: LISTRIGHTS names each right once") {
    std::istringstream words{std::string(optional_rights)};
    std::string word, all;
    while (words >> word)
        all += word;
    CHECK(all == write_rights(right_bits::all));
}

TEST_CASE("rights: s is for \\Seen, t for \\Deleted, w for the others") {
    CHECK(changeable_flags(right_bits::seen) == flag_bits::seen);
    CHECK(changeable_flags(right_bits::delete_messages) == flag_bits::deleted);
    CHECK(changeable_flags(right_bits::write) ==
          (flag_bits::answered | flag_bits::flagged | flag_bits::draft));
    CHECK(changeable_flags(right_bits::all) == flag_bits::all);
    CHECK(changeable_flags(right_bits::lookup | right_bits::read | right_bits::insert) == 0);
}
