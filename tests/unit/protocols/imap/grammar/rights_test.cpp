#include "protocols/imap/grammar/rights.hpp"

#include "protocols/imap/grammar/command.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace hauspost::imap;
namespace mail = hauspost::mail;

TEST_CASE("rights: letters there and back, with the virtual c and d (RFC 4314 2.1.1)") {
    CHECK(parse_rights("lrswipkxtea") == mail::rights::all);
    CHECK(parse_rights("") == 0u);
    CHECK(parse_rights("ll") == mail::rights::lookup);
    CHECK(parse_rights("c") == (mail::rights::create | mail::rights::remove));
    CHECK(parse_rights("d") == (mail::rights::expunge | mail::rights::delete_messages));
    CHECK(write_rights(mail::rights::all) == "lrswipkxteacd");
    CHECK(write_rights(0).empty());
    CHECK(write_rights(mail::rights::create) == "kc");
    CHECK(write_rights(mail::rights::remove | mail::rights::expunge) == "xecd");
    for (std::uint32_t bits = 0; bits <= mail::rights::all; ++bits) {
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
    CHECK(all == write_rights(mail::rights::all));
}

TEST_CASE("rights: s is for \\Seen, t for \\Deleted, w for the others") {
    CHECK(changeable_flags(mail::rights::seen) == mail::flags::seen);
    CHECK(changeable_flags(mail::rights::delete_messages) == mail::flags::deleted);
    CHECK(changeable_flags(mail::rights::write) ==
          (mail::flags::answered | mail::flags::flagged | mail::flags::draft));
    CHECK(changeable_flags(mail::rights::all) == mail::flags::system);
    CHECK(changeable_flags(mail::rights::lookup | mail::rights::read | mail::rights::insert) == 0);
}
