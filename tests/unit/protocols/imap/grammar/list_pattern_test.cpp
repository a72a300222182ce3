#include "protocols/imap/grammar/list_pattern.hpp"

#include "protocols/imap/grammar/mailbox_name.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <string_view>

using namespace hauspost::imap;

namespace {

/// As the RFC says it, without a thought of time.
bool matches_slowly(std::string_view pattern, std::string_view name) {
    if (pattern.empty()) return name.empty();
    const char first = pattern.front();
    if (first == '*' || first == '%') {
        if (matches_slowly(pattern.substr(1), name)) return true;
        return !name.empty() && (first == '*' || name.front() != '/') &&
               matches_slowly(pattern, name.substr(1));
    }
    return !name.empty() && name.front() == first &&
           matches_slowly(pattern.substr(1), name.substr(1));
}

std::string random_text(std::mt19937& random, std::string_view letters, std::size_t most) {
    std::string text(random() % (most + 1), ' ');
    for (auto& c : text)
        c = letters[random() % letters.size()];
    return text;
}

}  // namespace

TEST_CASE("list pattern: star goes over levels, percent does not") {
    CHECK(list_matches("*", "a/b/c"));
    CHECK(list_matches("%", "a"));
    CHECK_FALSE(list_matches("%", "a/b"));
    CHECK(list_matches("%/%", "a/b"));
    CHECK(list_matches("a/%", "a/b"));
    CHECK_FALSE(list_matches("a/%", "a/b/c"));
    CHECK(list_matches("a*c", "a/b/c"));
    CHECK(list_matches("*c%", "abc/cd"));
    CHECK_FALSE(list_matches("*c%", "abc/d"));
    CHECK(list_matches("%*", "a/b"));
    CHECK(list_matches("", ""));
    CHECK_FALSE(list_matches("", "a"));
    CHECK(list_matches("*", ""));
    CHECK_FALSE(list_matches("a", "b"));
    CHECK_FALSE(list_matches("sent", "Sent"));
    CHECK(list_matches("a%b*c", "axxbyy/zc"));
}

TEST_CASE("list pattern: INBOX matches without case, other names with it") {
    CHECK(list_matches("inbox", "INBOX"));
    CHECK(list_matches("iNb%", "INBOX"));
    CHECK(list_matches("inbox/A", "INBOX/A"));
    CHECK_FALSE(list_matches("inbox/a", "INBOX/A"));
    CHECK_FALSE(list_matches("inboxes", "INBOXES"));
}

TEST_CASE("list pattern: a pattern made to explode is decided quickly (B07)") {
    std::string pattern;
    for (int i = 0; i < 32'000; ++i)
        pattern += "*a";
    CHECK_FALSE(list_matches(pattern, std::string(255, 'a')));
    pattern.clear();
    for (int i = 0; i < 120; ++i)
        pattern += "*a";
    for (int i = 0; i < 200; ++i)
        CHECK_FALSE(list_matches(pattern + "b", std::string(255, 'a')));
    CHECK(list_matches(std::string(60'000, '%') + std::string(60'000, '*'), "a/b"));
}

TEST_CASE("list pattern: RFC 9051 6.3.9 it matches what the plain reading of the rule matches") {
    std::mt19937 random(1);
    for (int n = 0; n < 20'000; ++n) {
        const auto pattern = random_text(random, "ab/*%", 7);
        const auto name = random_text(random, "ab/", 8);
        CHECK_MESSAGE(list_matches(pattern, name) == matches_slowly(pattern, name),
                      pattern << " " << name);
    }
}

TEST_CASE("list pattern: states beyond one machine word carry over to the next") {
    for (std::size_t length : {62, 63, 64, 65, 127, 128, 129, 255}) {
        const std::string name(length, 'a');
        CHECK(list_matches(name, name));
        CHECK_FALSE(list_matches(name + "a", name));
        CHECK_FALSE(list_matches(name, name + "a"));
        CHECK(list_matches(name + "*b", name + "xyb"));
        CHECK(list_matches("%" + name, "bb" + name));
        CHECK_FALSE(list_matches("%" + name, "b/b" + name));
    }
}

TEST_CASE("list pattern: B07 the work for one octet of a name is bounded, whatever the pattern") {
    std::string pattern;
    for (int n = 0; n < 245; ++n)
        pattern += "*a";
    CHECK(list_pattern(pattern + "*b").words() == 8);  // 492 states
    // What matches no name costs nothing.
    const std::string endless(60'000, 'a');
    CHECK(list_pattern(endless).words() == 0);
    CHECK_FALSE(list_matches(endless, endless));
    CHECK(list_matches(std::string(1024, 'a'), std::string(1024, 'a')));
    CHECK_FALSE(list_matches(std::string(1025, 'a'), std::string(1025, 'a')));
}
