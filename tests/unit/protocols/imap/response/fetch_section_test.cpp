#include "protocols/imap/response/fetch_section.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using namespace hauspost::imap;

namespace {

using kind = message::part::kind;

/// A message with its parts found by looking for marks, so that the offsets stand in one place.
const std::string prefix = "Return-Path: <a@b>\r\n";
const std::string blob =
    "Subject: outer\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
    "preamble\r\n"
    "--x\r\nContent-Type: text/plain\r\n\r\nfirst\r\n"
    "--x\r\nContent-Type: message/rfc822\r\n\r\n"
    "Subject: inner\r\nContent-Type: multipart/alternative; boundary=y\r\n\r\n"
    "--y\r\n\r\ninner one\r\n--y\r\nContent-Type: text/html\r\n\r\ninner two\r\n--y--\r\n"
    "--x\r\nContent-Type: message/rfc822\r\n\r\nSubject: leaf\r\n\r\nleaf body\r\n--x--\r\n";

section wanted(std::vector<std::uint32_t> part, section::kind what = section::kind::all) {
    section one;
    one.part = std::move(part);
    one.what = what;
    return one;
}

std::string octets_of(const section_octets& found, const std::string& whole) {
    std::string out;
    for (const auto& piece : found.pieces) {
        const auto& source = piece.from == octet_piece::source::prefix ? prefix : whole;
        REQUIRE(piece.offset + piece.count <= source.size());
        REQUIRE(piece.count > 0);
        out += source.substr(piece.offset, piece.count);
    }
    CHECK(out.size() == found.count());
    return out;
}

std::string fetched(const section& one, const std::string& whole = blob) {
    const auto parts = message::summarize(whole).parts;
    const auto found = locate(one, parts, prefix.size(), whole.size());
    return found ? octets_of(*found, whole) : "NIL";
}

std::string filtered(std::string_view header, section::kind what, std::vector<std::string> names) {
    section one;
    one.what = what;
    one.fields = std::move(names);
    return filter_header(header, one);
}

}  // namespace

TEST_CASE("fetch section: the whole message is the copy's prefix and the blob") {
    CHECK(fetched(wanted({})) == prefix + blob);
    CHECK(fetched(wanted({}, section::kind::header)) ==
          prefix + "Subject: outer\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n");
    CHECK(prefix + blob ==
          fetched(wanted({}, section::kind::header)) + fetched(wanted({}, section::kind::text)));
    CHECK(fetched(wanted({}, section::kind::header_fields)) ==
          fetched(wanted({}, section::kind::header)));
}

TEST_CASE("fetch section: parts are found by number, in messages inside too") {
    CHECK(fetched(wanted({1})) == "first");
    CHECK(fetched(wanted({1}, section::kind::mime)) == "Content-Type: text/plain\r\n\r\n");
    CHECK(fetched(wanted({2}, section::kind::mime)) == "Content-Type: message/rfc822\r\n\r\n");
    CHECK(fetched(wanted({2})).starts_with("Subject: inner\r\n"));
    CHECK(fetched(wanted({2}, section::kind::header)) ==
          "Subject: inner\r\nContent-Type: multipart/alternative; boundary=y\r\n\r\n");
    CHECK(fetched(wanted({2}, section::kind::text)).starts_with("--y\r\n"));
    CHECK(fetched(wanted({2, 1})) == "inner one");
    CHECK(fetched(wanted({2, 2})) == "inner two");
    CHECK(fetched(wanted({2, 2}, section::kind::mime)) == "Content-Type: text/html\r\n\r\n");
    CHECK(fetched(wanted({3, 1})) == "leaf body");
    CHECK(fetched(wanted({3}, section::kind::text)) == "leaf body");
    CHECK(fetched(wanted({3}, section::kind::header)) == "Subject: leaf\r\n\r\n");
}

TEST_CASE("fetch section: parts that are not there are NIL") {
    for (const auto& one :
         {wanted({4}), wanted({1, 1}), wanted({2, 3}), wanted({3, 2}), wanted({3, 1, 1}),
          wanted({4294967295}), wanted({1}, section::kind::header),
          wanted({1}, section::kind::text), wanted({2, 1}, section::kind::header)})
        CHECK(fetched(one) == "NIL");
}

TEST_CASE("fetch section: a message that is no multipart has part 1 (RFC 9051 6.4.5.1)") {
    const std::string plain = "Subject: s\r\n\r\nbody\r\n";
    CHECK(fetched(wanted({1}), plain) == "body\r\n");
    CHECK(fetched(wanted({1}, section::kind::mime), plain) == prefix + "Subject: s\r\n\r\n");
    CHECK(fetched(wanted({2}), plain) == "NIL");
    CHECK(fetched(wanted({1, 1}), plain) == "NIL");
    CHECK(fetched(wanted({1}, section::kind::text), plain) == "NIL");
}

TEST_CASE("fetch section: without parts or with wrong offsets nothing outside the blob is named") {
    CHECK(locate(wanted({}), {}, 0, 10)->count() == 10);
    CHECK(locate(wanted({1}), {}, 0, 10)->count() == 10);
    CHECK(locate(wanted({2}), {}, 0, 10) == std::nullopt);
    CHECK(locate(wanted({}), {}, 0, 0)->pieces.empty());
    message::part wild;
    wild.body = 1'000;
    wild.end = UINT64_MAX;
    CHECK(locate(wanted({1}), {wild}, 0, 10)->count() == 0);
    wild.body = 4;
    CHECK(locate(wanted({1}), {wild}, 0, 10)->count() == 6);
}

TEST_CASE("fetch section: partials cut across prefix and blob, never beyond the end (B05)") {
    const std::string whole = prefix + blob;
    const auto all =
        *locate(wanted({}), message::summarize(blob).parts, prefix.size(), blob.size());
    for (const std::uint32_t offset : {0u, 5u, 19u, 20u, 21u, 100u, 4294967295u})
        for (const std::uint32_t count : {1u, 15u, 30u, 4294967295u}) {
            const partial part{offset, count};
            const auto expected = offset < whole.size() ? whole.substr(offset, count) : "";
            CHECK(octets_of(cut(all, part), blob) == expected);
            CHECK(cut(std::string_view(whole), part) == expected);
        }
    CHECK(cut(all, std::nullopt) == all);
    CHECK(cut(std::string_view("abc"), std::nullopt) == "abc");
}

TEST_CASE("header filter: keeps named fields with their continuation lines, in order") {
    const std::string header =
        "From: a\r\nTo: b,\r\n c\r\nSubject: x\r\nto: d\r\nno field\r\n\r\nFrom: body\r\n";
    CHECK(filtered(header, section::kind::header_fields, {"TO", "Subject"}) ==
          "To: b,\r\n c\r\nSubject: x\r\nto: d\r\n\r\n");
    CHECK(filtered(header, section::kind::header_fields_not, {"TO", "Subject"}) ==
          "From: a\r\nno field\r\n\r\n");
    CHECK(filtered(header, section::kind::header_fields, {"X-None"}) == "\r\n");
    CHECK(filtered("", section::kind::header_fields_not, {"a"}) == "\r\n");
    CHECK(filtered("From: a", section::kind::header_fields, {"from"}) == "From: a\r\n\r\n");
    CHECK(filtered("From : a\n\nx", section::kind::header_fields, {"from"}) == "From : a\n\r\n");
}

TEST_CASE("header filter: a large header and many names cost little (B05)") {
    std::string header;
    std::vector<std::string> names;
    for (int i = 0; i < 500; ++i)
        names.push_back("X-" + std::to_string(i));
    while (header.size() < 2'000'000)
        header += "X-1: y\r\nZ: z\r\n";
    CHECK(filtered(header, section::kind::header_fields, names).size() ==
          header.size() / 14 * 8 + 2);
}
