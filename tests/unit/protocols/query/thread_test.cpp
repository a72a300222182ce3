// Mirrors protocols/query/thread.cpp and reference_threads.cpp.
#include "protocols/query/thread.hpp"

#include "protocols/message/summary.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::query;

namespace {

struct mail {
    std::string id = {};
    std::vector<std::string> references = {};
    std::string subject = {};
    std::int64_t sent = 0;  // 0: as many seconds as messages before it
    bool is_reply = false;
};

std::string encoded(const mail& one, std::uint32_t number) {
    message::summary summary;
    summary.message_id = one.id;
    summary.references = one.references;
    summary.base_subject = one.subject;
    summary.sent_at = one.sent != 0 ? one.sent : number;
    return message::encode(summary);
}

std::string threads_of(thread_algorithm algorithm, const std::vector<mail>& mails) {
    threader all(algorithm);
    std::uint32_t number = 0;
    for (const auto& one : mails) {
        ++number;
        CHECK(all.add(number, 0, encoded(one, number), one.is_reply));
    }
    return all.threads();
}

std::string references(const std::vector<mail>& mails) {
    return threads_of(thread_algorithm::references, mails);
}

}  // namespace

TEST_CASE("thread: REFERENCES makes chains and siblings by date") {
    CHECK(references({}).empty());
    CHECK(references({{"a"}}) == " (1)");
    CHECK(references({{"a"}, {"b", {"a"}}, {"c", {"a", "b"}}}) == " (1 2 3)");
    CHECK(references({{"a"}, {"c", {"a"}, "", 9}, {"b", {"a"}, "", 5}, {"d", {"a", "b"}}}) ==
          " (1 (3 4)(2))");
    CHECK(references({{"b", {"a"}}, {"a"}}) == " (2 1)");  // the answer came first
    CHECK(references({{"a", {}, "x", 9}, {"b", {}, "y", 3}}) == " (2)(1)");
}

TEST_CASE("thread: a message that is not there holds its children together") {
    CHECK(references({{"b", {"a"}}, {"c", {"a"}}}) == " ((1)(2))");
    CHECK(references({{"b", {"a"}}}) == " (1)");  // one child takes its place
    CHECK(references({{"c", {"a", "b"}}, {"d", {"a", "b"}}}) == " ((1)(2))");
    CHECK(references({{"a"}, {"c", {"a", "b"}}, {"d", {"a", "b"}}}) == " (1 (2)(3))");
    CHECK(references({{"x", {"p", "q"}}, {"y", {"p", "r"}}}) == " ((1)(2))");
}

TEST_CASE("thread: the last reference is the parent, whatever others said (RFC 5256 3, 1 B)") {
    // 3 says that b comes after x; b itself says after a.
    CHECK(references({{"a"}, {"x"}, {"c", {"x", "b"}}, {"b", {"a"}}}) == " (1 4 3)(2)");
    // b says that it has no parent at all.
    CHECK(references({{"x"}, {"c", {"x", "b"}}, {"b"}}) == " (1)(3 2)");
}

TEST_CASE("thread: loops and equal ids do no harm") {
    CHECK(references({{"a", {"a"}}}) == " (1)");
    CHECK(references({{"a", {"b"}}, {"b", {"a"}}}) == " (2 1)");
    CHECK(references({{"a", {"b", "c"}}, {"b", {"c", "a"}}, {"c", {"a", "b"}}}) != "");
    CHECK(references({{"a", {"b", "a", "b"}}}) == " (1)");
    CHECK(references({{"a"}, {"a"}, {"b", {"a"}}}) == " (1 3)(2)");
    CHECK(references({{""}, {""}}) == " (1)(2)");
}

TEST_CASE("thread: roots of the same base subject are merged (RFC 5256 3, 5)") {
    // Both are no replies: below a dummy.
    CHECK(references({{"a", {}, "S"}, {"b", {}, "S"}}) == " ((1)(2))");
    // A reply goes below the original, whichever is older.
    CHECK(references({{"a", {}, "S"}, {"b", {}, "S", 0, true}}) == " (1 2)");
    CHECK(references({{"b", {}, "S", 0, true}, {"a", {}, "S"}}) == " (2 1)");
    // Two replies without their original: below a dummy, a third beside them.
    CHECK(references({{"a", {}, "S", 0, true}, {"b", {}, "S", 0, true}, {"c", {}, "S", 0, true}}) ==
          " ((1)(2)(3))");
    // Dummies: their children come together.
    CHECK(
        references({{"b", {"a"}, "S"}, {"c", {"a"}, "S"}, {"e", {"d"}, "S"}, {"f", {"d"}, "S"}}) ==
        " ((1)(2)(3)(4))");
    CHECK(references({{"b", {"a"}, "S"}, {"c", {"a"}, "S"}, {"e", {}, "S"}}) == " ((1)(2)(3))");
    CHECK(references({{"e", {}, "S"}, {"b", {"a"}, "S"}, {"c", {"a"}, "S"}}) == " ((1)(2)(3))");
    // No subject, no merge.
    CHECK(references({{"a", {}, ""}, {"b", {}, ""}}) == " (1)(2)");
}

TEST_CASE("thread: ORDEREDSUBJECT puts equal base subjects together, by date") {
    const auto by_subject = [](const std::vector<mail>& mails) {
        return threads_of(thread_algorithm::ordered_subject, mails);
    };
    CHECK(by_subject({}).empty());
    CHECK(by_subject({{"", {}, "A"}, {"", {}, "B"}, {"", {}, "A"}, {"", {}, "A"}}) ==
          " (1 (3)(4))(2)");
    CHECK(by_subject({{"", {}, "A", 9}, {"", {}, "B", 5}, {"", {}, "A", 3}}) == " (3 1)(2)");
}

TEST_CASE("thread: hostile chains of references cost no more than n log n") {
    constexpr std::uint32_t count = 60'000;
    const auto id = [](std::uint32_t n) { return "<" + std::to_string(n) + ">"; };
    SUBCASE("one chain, told in order") {
        threader all(thread_algorithm::references);
        for (std::uint32_t n = 1; n <= count; ++n)
            all.add(n, 0, encoded({id(n), {id(n - 1)}}, n), false);
        CHECK(all.threads().starts_with(" (1 2 3 4"));
    }
    SUBCASE("one chain, told backwards, and each asks for a loop") {
        threader all(thread_algorithm::references);
        for (std::uint32_t n = count; n >= 1; --n)
            all.add(n, 0, encoded({id(n), {id(count), id(n - 1)}}, n), false);
        CHECK_FALSE(all.threads().empty());
    }
    SUBCASE("many that hang on the end of a chain and are cut off again") {
        threader all(thread_algorithm::references);
        for (std::uint32_t n = 1; n <= count; ++n)
            all.add(n, 0, encoded({id(n), {id(n - 1)}}, n), false);
        for (std::uint32_t n = 1; n <= count; ++n)
            all.add(count + n, 0, encoded({id(2 * count + n), {id(count), id(3 * count + n)}}, n),
                    false);
        CHECK_FALSE(all.threads().empty());
    }
}

TEST_CASE("thread: the references that are held are bounded (B11)") {
    threader all(thread_algorithm::references);
    mail one{"a", {}, ""};
    for (int n = 0; n < 100; ++n)
        one.references.push_back("<" + std::to_string(n) + ">");
    const auto octets = encoded(one, 1);
    std::size_t taken = 0;
    while (taken <= threader::max_references / 100 && all.add(1, 0, octets, false))
        ++taken;
    CHECK(taken == threader::max_references / 100);
}
