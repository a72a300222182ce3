#include "protocols/dkim/relaxed_header.hpp"

#include "protocols/message/header.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::dkim;

namespace {

std::string relaxed(std::string_view field) {
    std::string form;
    append_relaxed_field(form, field);
    return form;
}

}  // namespace

TEST_CASE("dkim relaxed header: RFC 6376 3.4.5") {
    CHECK(relaxed("A: X\r\n") == "a:X");
    CHECK(relaxed("B : Y\t\r\n\tZ  \r\n") == "b:Y Z");
}

TEST_CASE("dkim relaxed header: folds, runs of white space, and empty values") {
    CHECK(relaxed("Subject:\r\n  a\r\n \t b \r\n") == "subject:a b");
    CHECK(relaxed("Subject:") == "subject:");
    CHECK(relaxed("Subject: \r\n \r\n") == "subject:");
    CHECK(relaxed("X-\xc3\x84: \xc3\xbc : y") == "x-\xc3\x84:\xc3\xbc : y");
}

TEST_CASE("dkim field index: the last field of a name comes first, then none") {
    const auto index = field_index::of("To: 1\r\nTO : 2\r\nFrom: x\r\nto: 3\r\n");
    REQUIRE(index.has_value());
    CHECK(index->count("to") == 3);
    CHECK(index->count("Cc") == 0);
    CHECK(index->signed_octets({"to", "To", "from", "tO", "to", "cc"}, "S: b=") ==
          "to:3\r\nto:2\r\nfrom:x\r\nto:1\r\ns:b=");
}

TEST_CASE("dkim field index: a header that readers disagree about is none") {
    CHECK(!field_index::of("From: x\r\nno field\r\nTo: y\r\n"));
    CHECK(!field_index::of(" continues nothing\r\nFrom: x\r\n"));
    std::string many;
    for (std::size_t i = 0; i < hauspost::message::header_limits::max_fields; ++i)
        many += "X: y\r\n";
    CHECK(field_index::of(many));
    CHECK(!field_index::of(many + "X: y\r\n"));
    CHECK(field_index::of("")->count("From") == 0);
}

TEST_CASE("dkim signature field: only the value of b= is taken out") {
    CHECK(without_signature("DKIM-Signature: v=1; b=ab\r\n cd ; bh=b=") ==
          "DKIM-Signature: v=1; b=; bh=b=");
    CHECK(without_signature("DKIM-Signature: b = ab;h=from") == "DKIM-Signature: b =;h=from");
    CHECK(without_signature("DKIM-Signature:b=ab") == "DKIM-Signature:b=");
    CHECK(without_signature("DKIM-Signature: bh=ab; b") == "DKIM-Signature: bh=ab; b");
    CHECK(without_signature("") == "");
}
