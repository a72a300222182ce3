#include "protocols/http/accept_encoding.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::http;

namespace {

std::string chosen(std::optional<std::string_view> accepted, codings there = {true, true}) {
    const auto got = choose_coding(accepted, there);
    if (!got) return "none";
    return *got == coding::identity ? "identity" : std::string(name_of(*got));
}

}  // namespace

TEST_CASE("http encodings: the one that is liked best, the smallest of equals") {
    CHECK(chosen("gzip, deflate, br, zstd") == "br");
    CHECK(chosen("gzip, deflate") == "gzip");
    CHECK(chosen("x-gzip") == "gzip");
    CHECK(chosen("BR") == "br");
    CHECK(chosen("br;q=0.5, gzip;q=0.8") == "gzip");
    CHECK(chosen("br;q=0.500 , gzip ; q=0.5") == "br");
    CHECK(chosen("identity, br;q=0.5") == "identity");
    CHECK(chosen("*") == "br");
    CHECK(chosen("br;q=0, *") == "gzip");
    CHECK(chosen("gzip, deflate, br", {true, false}) == "gzip");
    CHECK(chosen("gzip, deflate, br", {false, false}) == "identity");
    CHECK(chosen("deflate") == "identity");
}

TEST_CASE("http encodings: without a word, or with an empty one, the octets as they are") {
    CHECK(chosen(std::nullopt) == "identity");
    CHECK(chosen("") == "identity");
    CHECK(chosen(" , ,") == "identity");
}

TEST_CASE("http encodings: as they are unless that is excluded") {
    CHECK(chosen("br;q=0, gzip;q=0") == "identity");
    CHECK(chosen("identity;q=0, br;q=0, gzip;q=0") == "none");
    CHECK(chosen("*;q=0") == "none");
    CHECK(chosen("*;q=0, identity") == "identity");
    CHECK(chosen("identity;q=0", {false, false}) == "none");
    CHECK(chosen("identity;q=0, gzip;q=0.001") == "gzip");
    CHECK(chosen("*;q=0, identity;q=0.1, br", {false, false}) == "identity");
}

TEST_CASE("http encodings: an element that is none is passed over") {
    for (const auto* broken : {"br;q=2", "br;q=1.001", "br;q=0.1234", "br;q=", "br;q=.5", "br;x=1",
                               "br;", "br;q=-1", "br gzip", "b r"})
        CHECK_MESSAGE(chosen(std::string(broken) + ", gzip;q=0.1") != "br", broken);
    CHECK(chosen("br;q=2, gzip;q=0.1") == "gzip");
}
