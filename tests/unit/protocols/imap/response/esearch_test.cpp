// Mirrors protocols/imap/response/esearch.cpp.
#include "protocols/imap/response/esearch.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hauspost::imap;

namespace {

std::string set_of(std::vector<std::uint32_t> numbers) {
    std::string out;
    set_writer set(out);
    for (const auto number : numbers)
        set.add(number);
    set.end();
    return out;
}

std::string positions(search_options options, std::size_t count) {
    std::string text;
    for (const auto& part : saved_positions(options, count))
        text += std::to_string(part.begin) + "-" + std::to_string(part.end) + " ";
    return text;
}

}  // namespace

TEST_CASE("set writer: rising neighbours become ranges, the order stays") {
    CHECK(set_of({}).empty());
    CHECK(set_of({7}) == "7");
    CHECK(set_of({1, 2, 3, 7, 9, 10}) == "1:3,7,9:10");
    CHECK(set_of({3, 2, 1, 5, 6}) == "3,2,1,5:6");
    CHECK(set_of({4294967294u, 4294967295u, 1}) == "4294967294:4294967295,1");
}

TEST_CASE("esearch: the tag is quoted always, which Outlook needs") {
    std::string out;
    write_esearch_head(out, "a1", true);
    CHECK(out == "* ESEARCH (TAG \"a1\") UID");
    out.clear();
    write_esearch_head(out, "x", false, " MAILBOX INBOX UIDVALIDITY 1");
    CHECK(out == "* ESEARCH (TAG \"x\" MAILBOX INBOX UIDVALIDITY 1)");
}

TEST_CASE("esearch: MIN and MAX are left out when nothing was found, COUNT never") {
    search_options options;
    options.min = options.max = options.count = true;
    std::string out;
    write_esearch_counts(out, options, std::vector<std::uint32_t>{});
    CHECK(out == " COUNT 0");
    out.clear();
    write_esearch_counts(out, options, std::vector<std::uint32_t>{5, 3, 4});
    CHECK(out == " MIN 5 MAX 4 COUNT 3");
}

TEST_CASE("esearch: what is saved depends on what is told (RFC 5182 2.4, RFC 9394 3.2)") {
    search_options options;
    options.save = true;
    CHECK(positions(options, 9) == "0-9 ");
    options.min = true;
    CHECK(positions(options, 9) == "0-1 ");
    options.max = true;
    CHECK(positions(options, 9) == "0-1 8-9 ");
    options.partial = page_range{2, 4, false};
    CHECK(positions(options, 9) == "0-1 1-4 8-9 ");
    options.count = true;
    CHECK(positions(options, 9) == "0-9 ");
    CHECK(positions(options, 0) == "0-0 ");
    options.count = options.min = options.max = false;
    CHECK(positions(options, 9) == "1-4 ");
    options.partial.reset();
    options.all = options.min = true;
    CHECK(positions(options, 9) == "0-9 ");
}
