// Mirrors protocols/query/sort.cpp.
#include "protocols/query/sort.hpp"

#include "protocols/message/summary.hpp"

#include <doctest/doctest.h>

#include <numeric>
#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::query;

namespace {

struct mail {
    std::string subject;
    std::optional<std::int64_t> sent = {};
    std::int64_t arrival = 0;
    std::uint64_t octets = 0;
};

std::string order_of(std::vector<sort_criterion> by, const std::vector<mail>& mails) {
    sorter messages(std::move(by));
    std::uint32_t number = 0;
    for (const auto& one : mails) {
        message::summary summary;
        summary.base_subject = one.subject;
        summary.from_display = one.subject;
        summary.sent_at = one.sent;
        CHECK(messages.add(++number, one.arrival, one.octets, message::encode(summary)));
    }
    std::string text;
    for (const auto n : messages.sorted())
        text += std::to_string(n) + " ";
    return text;
}

}  // namespace

TEST_CASE("sort: by subject, longer and equal ones, ties by sequence number") {
    const std::vector<mail> mails{{"budget of next year"},
                                  {"budget"},
                                  {""},
                                  {"budget of last year"},
                                  {"budget"},
                                  {"a"},
                                  {"b"}};
    CHECK(order_of({{sort_by::subject}}, mails) == "3 6 7 2 5 4 1 ");
    // RFC 5256 3: REVERSE leaves the order of equal ones alone.
    CHECK(order_of({{sort_by::subject, true}}, mails) == "1 4 2 5 7 6 3 ");
}

TEST_CASE("sort: texts are compared as octets without sign, NUL and length count") {
    using namespace std::string_literals;
    CHECK(order_of({{sort_by::display_from}}, {{"\xc3\xa4"}, {"Z"}, {"a\0"s}, {"a"}}) ==
          "2 4 3 1 ");
    CHECK(order_of({{sort_by::subject}}, {{"12345678b"}, {"12345678"}, {"12345678a"}}) == "2 3 1 ");
}

TEST_CASE("sort: by date takes the arrival where there is no Date field (RFC 5256 2.2)") {
    const std::vector<mail> mails{{"", 50, 1}, {"", {}, 40}, {"", -5, 2}, {"", 45, 3}, {"", 0, 60}};
    CHECK(order_of({{sort_by::date}}, mails) == "3 5 2 4 1 ");
    CHECK(order_of({{sort_by::date, true}}, mails) == "1 4 2 5 3 ");
    CHECK(order_of({{sort_by::arrival}}, mails) == "1 3 4 2 5 ");
}

TEST_CASE("sort: later keys decide where earlier ones are equal") {
    const std::vector<mail> mails{{"b", 1, 0, 7}, {"a", 1, 0, 7}, {"a", 2, 0, 9}, {"b", 2, 0, 9}};
    CHECK(order_of({{sort_by::subject}, {sort_by::date, true}}, mails) == "3 2 4 1 ");
    CHECK(order_of({{sort_by::size, true}, {sort_by::subject, true}}, mails) == "4 3 1 2 ");
}

TEST_CASE("sort: each text key reads its own field") {
    message::summary summary;
    summary.from_mailbox = "b";
    summary.to_mailbox = "a";
    summary.cc_mailbox = "c";
    summary.to_display = "d";
    const auto first = message::encode(summary);
    summary.from_mailbox = "a";
    summary.to_mailbox = "b";
    summary.cc_mailbox = "a";
    summary.to_display = "e";
    const auto second = message::encode(summary);
    const auto front = [&](sort_by by) {
        sorter messages({{by}});
        messages.add(1, 0, 0, first);
        messages.add(2, 0, 0, second);
        return messages.sorted().front();
    };
    CHECK(front(sort_by::from) == 2);
    CHECK(front(sort_by::to) == 1);
    CHECK(front(sort_by::cc) == 2);
    CHECK(front(sort_by::display_to) == 1);
}

TEST_CASE("sort: a damaged summary sorts as one without anything") {
    sorter messages({{sort_by::subject}, {sort_by::date}});
    CHECK(messages.add(1, 5, 0, "broken"));
    CHECK(messages.add(2, 4, 0, ""));
    CHECK(messages.sorted() == std::vector<std::uint32_t>{2, 1});
    CHECK(sorter({{sort_by::date}}).sorted().empty());
}

TEST_CASE("sort: the texts that are held are bounded (B11)") {
    message::summary summary;
    summary.base_subject = std::string(512, 's');
    const auto octets = message::encode(summary);
    sorter messages({{sort_by::subject}});
    const auto most = sorter::max_text_octets / 512;
    std::size_t taken = 0;
    while (taken <= most && messages.add(1, 0, 0, octets))
        ++taken;
    CHECK(taken == most);
}
