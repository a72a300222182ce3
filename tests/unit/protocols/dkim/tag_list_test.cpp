#include "protocols/dkim/tag_list.hpp"

#include "protocols/dkim/limits.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::dkim;

TEST_CASE("dkim tag list: names and values without the white space around them") {
    const std::string text = " a = b ;\r\n\tc=d e;empty=;\r\n";
    const auto tags = tag_list::parse(text);
    REQUIRE(tags.has_value());
    REQUIRE(tags->all().size() == 3);
    CHECK(tags->find("a") == "b");
    CHECK(tags->find("c") == "d e");
    CHECK(tags->find("empty") == "");
    CHECK(!tags->find("A"));
    CHECK(tag_list::parse("")->all().empty());
}

TEST_CASE("dkim tag list: what is no list is refused") {
    for (const auto* text :
         {"a", "=b", "a=b;;c=d", "1a=b", "a b=c", "a=b;a=c", "a=\x01", "a=\xff", "a=\x7f", "a-b=c"})
        CHECK_MESSAGE(!tag_list::parse(text), text);
}

TEST_CASE("dkim tag list: as many tags as the limit, not one more") {
    std::string text;
    for (std::size_t i = 0; i < limits::max_tags; ++i)
        text += "t" + std::to_string(i) + "=1;";
    CHECK(tag_list::parse(text));
    CHECK(!tag_list::parse(text + "more=1"));
}

TEST_CASE("dkim base64: may be folded anywhere, and is strict otherwise") {
    CHECK(decode_base64("aGF\r\n 1c 3A=") == "hausp");
    CHECK(decode_base64("") == "");
    for (const auto* text : {"aGF1c3A", "aGF1*3A=", "aGF1c3B=", "=", "aGF1c3A==="})
        CHECK_MESSAGE(!decode_base64(text), text);
}

TEST_CASE("dkim colons: parts are trimmed and counted") {
    const auto parts = split_at_colons("from : to:\r\n\tsubject", 3);
    REQUIRE(parts.has_value());
    CHECK(*parts == std::vector<std::string_view>{"from", "to", "subject"});
    CHECK(!split_at_colons("from:to:subject", 2));
    CHECK(split_at_colons("", 1)->size() == 1);
}
