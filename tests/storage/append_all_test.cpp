// Several messages in one commit, and a message in the place of another (RFC 3502, 8508).
#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

namespace {

append_request request_of(store_fixture& at,
                          mailbox_key box,
                          const std::string& body,
                          std::vector<std::string> keywords = {}) {
    append_request request;
    request.mailbox = box;
    request.blob = at.staged(body);
    request.summary = "sum";
    request.flags.keywords = std::move(keywords);
    return request;
}

result<std::vector<append_result>> append_all(store_fixture& at,
                                              std::vector<append_request> requests,
                                              std::optional<replaced_message> replaced = {}) {
    return at.get(at->mailboxes.append_all(std::move(requests), replaced));
}

std::vector<append_request> three(store_fixture& at, mailbox_key box) {
    std::vector<append_request> requests;
    requests.push_back(request_of(at, box, "one\r\n", {"a"}));
    requests.push_back(request_of(at, box, body_text(7, 100'000), {"b", "a"}));
    requests.push_back(request_of(at, box, "three\r\n"));
    return requests;
}

}  // namespace

TEST_CASE("store append_all: messages of one call share a modseq and follow each other") {
    store_fixture at;
    const auto box = at.make_box("x");
    const auto done = append_all(at, three(at, box));
    REQUIRE(done.has_value());
    REQUIRE(done->size() == 3);
    for (std::uint32_t n = 0; n < 3; ++n) {
        CHECK((*done)[n].uid == uid(n + 1));
        CHECK((*done)[n].modseq == (*done)[0].modseq);
    }
    CHECK(at.text_of(box, 1) == "one\r\n");
    CHECK(at.text_of(box, 2) == body_text(7, 100'000));
    CHECK(at.text_of(box, 3) == "three\r\n");
    CHECK(at.snapshot(box).keywords == std::vector<std::string>{"a", "b"});
    CHECK(at.walk(box)[1].flags == 3u << mail::flags::first_keyword);
    CHECK(at.findings().empty());
    at.close();
    at.reopen();
    CHECK(at.text_of(box, 3) == "three\r\n");
}

TEST_CASE("store append_all: B14 refused as a whole, nothing is left of the first messages") {
    store_fixture at;
    const auto owner = at.add_account("small@example.test", 1'000);
    const mailbox_key box{owner, mailbox_id(1)};
    std::vector<append_request> requests;
    requests.push_back(request_of(at, box, std::string(600, 'x'), {"a"}));
    requests.push_back(request_of(at, box, std::string(401, 'y'), {"b"}));
    CHECK(append_all(at, std::move(requests)).error() == errc::over_quota);
    CHECK(at.snapshot(box).info.counters.messages == 0);
    CHECK(at.snapshot(box).keywords.empty());
    CHECK(at.findings().empty());
    requests.clear();
    requests.push_back(request_of(at, box, std::string(600, 'x')));
    requests.push_back(request_of(at, box, std::string(400, 'y')));
    CHECK(append_all(at, std::move(requests)).has_value());
}

TEST_CASE("store append_all: B14 keywords beyond the table's end leave the table as it was") {
    store_fixture at;
    const auto box = at.make_box("x");
    std::vector<std::string> words;
    for (std::size_t n = 0; n < max_keywords_per_mailbox - 1; ++n)
        words.push_back("k" + std::to_string(n));
    std::vector<append_request> requests;
    requests.push_back(request_of(at, box, "1", words));
    requests.push_back(request_of(at, box, "2", {"x", "y"}));
    CHECK(append_all(at, std::move(requests)).error() == errc::too_many_keywords);
    CHECK(at.snapshot(box).keywords.empty());
    CHECK(at.snapshot(box).info.counters.messages == 0);
}

TEST_CASE("store append_all: a replaced message goes with the commit that brings the new one") {
    store_fixture at;
    const auto box = at.make_box("x");
    const auto drafts = at.make_box("drafts");
    const auto old = at.append(drafts, "old\r\n");
    const auto before = at.snapshot(drafts).info.counters.highest_modseq;
    std::vector<append_request> requests;
    requests.push_back(request_of(at, box, "new\r\n"));
    const auto done = append_all(at, std::move(requests), replaced_message{drafts, old->uid});
    REQUIRE(done.has_value());
    CHECK(at.snapshot(drafts).info.counters.messages == 0);
    CHECK(at.snapshot(box).info.counters.messages == 1);
    CHECK(numbers(at.get(at->mailboxes.vanished(drafts, before))->ranges) ==
          std::vector<std::uint32_t>{1});
    // In the same mailbox too.
    requests.clear();
    requests.push_back(request_of(at, box, "newer\r\n"));
    CHECK(
        append_all(at, std::move(requests), replaced_message{box, done->front().uid}).has_value());
    CHECK(at.walk(box).size() == 1);
    CHECK(at.text_of(box, 2) == "newer\r\n");
}

TEST_CASE("store append_all: nothing comes when the message to be replaced is gone") {
    store_fixture at;
    const auto box = at.make_box("x");
    std::vector<append_request> requests;
    requests.push_back(request_of(at, box, "new\r\n"));
    CHECK(append_all(at, std::move(requests), replaced_message{box, uid(9)}).error() ==
          errc::no_such_message);
    CHECK(at.snapshot(box).info.counters.messages == 0);
}

TEST_CASE("store append_all: a full account can replace by what is no larger") {
    store_fixture at;
    const auto owner = at.add_account("small@example.test", 1'000);
    const mailbox_key box{owner, mailbox_id(1)};
    REQUIRE(at.append(box, std::string(1'000, 'x')).has_value());
    std::vector<append_request> requests;
    requests.push_back(request_of(at, box, std::string(1'001, 'y')));
    CHECK(append_all(at, std::move(requests), replaced_message{box, uid(1)}).error() ==
          errc::over_quota);
    requests.clear();
    requests.push_back(request_of(at, box, std::string(1'000, 'y')));
    CHECK(append_all(at, std::move(requests), replaced_message{box, uid(1)}).has_value());
    CHECK(at.snapshot(box).info.counters.octets == 1'000);
}
