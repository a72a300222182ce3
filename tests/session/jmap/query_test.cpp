#include "tests/session/jmap/fixture.hpp"

#include <utility>
#include <vector>

using namespace hauspost;
using test::contains;
using test::jmap_fixture;
namespace json = boost::json;

namespace {

constexpr std::uint32_t seen = mail::flags::seen;
constexpr std::uint32_t flagged = mail::flags::flagged;

struct some_mail : jmap_fixture {
    some_mail() {
        imap.as_ann("1 CREATE Other\r\n");
        parts().put(
            "From: Zoe <z@x.example>\r\nTo: ann@a.example\r\nSubject: one\r\n"
            "Date: Fri, 2 Jan 2026 10:00:00 +0000\r\nMessage-ID: <1@x>\r\n\r\nfirst text\r\n",
            seen);
        parts().put(
            "From: Adam <a@x.example>\r\nTo: list@x.example\r\nSubject: two\r\n"
            "Date: Thu, 1 Jan 2026 10:00:00 +0000\r\nMessage-ID: <2@x>\r\n"
            "References: <1@x>\r\nList-Id: <l.x.example>\r\n\r\nsecond Text with more\r\n",
            flagged, {"work"});
        parts().put(
            "From: Eve <e@x.example>\r\nSubject: three\r\nMIME-Version: 1.0\r\n"
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nthird\r\n"
            "--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment\r\n\r\n"
            "x\r\n--b--\r\n",
            0, {}, "Other");
    }
    /// In the order of their subjects, whatever was found first.
    std::string sorted(const std::string& filter) {
        return found(filter, R"(,"sort":[{"property":"subject"}])");
    }
};

}  // namespace

TEST_CASE_FIXTURE(some_mail, "jmap 8621 4.4.1: each condition of a filter") {
    const auto other = mailbox_id("Other"), inbox = mailbox_id("INBOX");
    CHECK(sorted("null") == "one three two");
    CHECK(sorted("{\"inMailbox\":\"" + other + "\"}") == "three");
    CHECK(sorted("{\"inMailbox\":\"Fnone\"}").empty());
    CHECK(sorted("{\"inMailboxOtherThan\":[\"" + other + "\"]}") == "one two");
    CHECK(sorted(R"({"hasKeyword":"$seen"})") == "one");
    CHECK(sorted(R"({"notKeyword":"$seen"})") == "three two");
    CHECK(sorted(R"({"hasKeyword":"WORK"})") == "two");
    CHECK(sorted(R"({"someInThreadHaveKeyword":"$flagged"})") == "one two");
    CHECK(sorted(R"({"allInThreadHaveKeyword":"$flagged"})").empty());
    CHECK(sorted(R"({"noneInThreadHaveKeyword":"$flagged"})") == "three");
    CHECK(sorted(R"({"before":"2026-01-02T03:04:05Z"})").empty());
    CHECK(sorted(R"({"after":"2026-01-02T03:04:05Z"})") == "one three two");
    CHECK(sorted(R"({"minSize":1})") == "one three two");
    CHECK(sorted(R"({"maxSize":1})").empty());
    CHECK(sorted(R"({"hasAttachment":true})") == "three");
    CHECK(sorted(R"({"hasAttachment":false})") == "one two");
    CHECK(sorted(R"({"text":"TEXT"})") == "one two");
    CHECK(sorted(R"({"text":"text more"})") == "two");
    CHECK(sorted(R"({"text":"\"more text\""})").empty());
    CHECK(sorted(R"({"text":"zoe"})") == "one");
    CHECK(sorted(R"({"from":"x.example"})") == "one three two");
    CHECK(sorted(R"({"from":"adam"})") == "two");
    CHECK(sorted(R"({"to":"ann"})") == "one");
    CHECK(sorted(R"({"cc":"ann"})").empty());
    CHECK(sorted(R"({"subject":"T"})") == "three two");
    CHECK(sorted(R"({"body":"third"})") == "three");
    CHECK(sorted(R"({"header":["list-id"]})") == "two");
    CHECK(sorted(R"({"header":["List-Id","l.x"]})") == "two");
    CHECK(sorted(R"({"header":["List-Id","none"]})").empty());
    CHECK(sorted("{\"inMailbox\":\"" + inbox + "\",\"text\":\"text\",\"notKeyword\":\"$seen\"}") ==
          "two");
}

TEST_CASE_FIXTURE(some_mail,
                  "jmap 8620 5.5: AND, OR and NOT over what is cheap and what has to be read") {
    CHECK(sorted(R"({"operator":"OR","conditions":[{"hasKeyword":"$seen"},{"text":"third"}]})") ==
          "one three");
    CHECK(sorted(R"({"operator":"NOT","conditions":[{"hasKeyword":"$seen"},{"text":"third"}]})") ==
          "two");
    CHECK(sorted(R"({"operator":"AND","conditions":[{"text":"text"},
                     {"operator":"NOT","conditions":[{"from":"zoe"}]}]})") == "two");
    CHECK(sorted(R"({"operator":"AND","conditions":[]})") == "one three two");
    CHECK(sorted(R"({"operator":"OR","conditions":[]})").empty());
    CHECK(sorted(R"({"text":""})") == "one three two");
}

TEST_CASE_FIXTURE(some_mail, "jmap 8621 4.4.1: a search finds the same as IMAP's") {
    for (const auto& [filter, keys] : std::vector<std::pair<std::string, std::string>>{
             {R"({"text":"text"})", "TEXT text"},
             {R"({"from":"adam"})", "FROM adam"},
             {R"({"subject":"one"})", "SUBJECT one"},
             {R"({"body":"more"})", "BODY more"},
             {R"({"hasKeyword":"work"})", "KEYWORD work"},
             {R"({"notKeyword":"$seen"})", "UNSEEN"}}) {
        auto both = filter;
        both.insert(both.size() - 1, ",\"inMailbox\":\"" + mailbox_id("INBOX") + '"');
        const auto said = imap.in_inbox("1 UID SEARCH RETURN (COUNT) " + keys + "\r\n");
        CHECK_MESSAGE(
            contains(said, "COUNT " + std::to_string(query("{\"filter\":" + both + "}").size())),
            keys);
    }
}

TEST_CASE_FIXTURE(some_mail, "jmap 8621 4.4.1: with the full-text index as without") {
    parts().fill(100);  // fewer are read without asking the index
    imap.open_index();
    imap.index_all();
    CHECK(sorted(R"({"text":"text"})") == "one two");
    CHECK(sorted(R"({"subject":"three"})") == "three");
}

TEST_CASE_FIXTURE(some_mail, "jmap 8621 4.4.2: sorts, and what is none") {
    const auto by = [&](const std::string& sort) {
        return found("null", ",\"sort\":[" + sort + "]");
    };
    CHECK(by(R"({"property":"from"})") == "two three one");
    CHECK(by(R"({"property":"subject","isAscending":false})") == "two three one");
    CHECK(by(R"({"property":"sentAt"},{"property":"subject"})").starts_with("two"));
    CHECK(by(R"({"property":"hasKeyword","keyword":"$flagged","isAscending":false},
                {"property":"subject"})") == "two one three");
    CHECK(
        by(R"({"property":"someInThreadHaveKeyword","keyword":"$flagged"},{"property":"subject"})") ==
        "three one two");
    CHECK(call("Email/query", R"({"sort":[{"property":"colour"}]})").at("type") ==
          "unsupportedSort");
    CHECK(call("Email/query", R"({"sort":[{"property":"hasKeyword"}]})").at("type") ==
          "invalidArguments");
    CHECK(call("Email/query", R"({"filter":{"colour":"red"}})").at("type") == "unsupportedFilter");
    CHECK(call("Email/query", R"({"collapseThreads":1})").at("type") == "invalidArguments");
}

TEST_CASE_FIXTURE(jmap_fixture, "jmap 8620 5.5: windows of a list, anchors, totals") {
    parts().fill(30);
    const auto all = query(R"({"sort":[{"property":"subject"}]})");
    REQUIRE(all.size() == 30);
    const auto window = [&](const std::string& arguments) {
        return call("Email/query", R"({"sort":[{"property":"subject"}],)" + arguments + "}");
    };
    auto said = window(R"("position":10,"limit":5,"calculateTotal":true)");
    CHECK(said.at("position") == 10);
    CHECK(said.at("total") == 30);
    REQUIRE(said.at("ids").as_array().size() == 5);
    CHECK(said.at("ids").at(0) == json::value(all[10]));
    CHECK_FALSE(said.contains("limit"));
    said = window(R"("position":-3)");
    CHECK(said.at("position") == 27);
    CHECK_FALSE(said.contains("total"));
    said = window("\"anchor\":\"" + all[20] + "\",\"anchorOffset\":-2,\"limit\":2");
    CHECK(said.at("position") == 18);
    CHECK(said.at("ids").at(1) == json::value(all[19]));
    CHECK(window(R"("anchor":"M0000000000000001")").at("type") == "anchorNotFound");
    CHECK(window(R"("limit":0)").at("ids").as_array().empty());
    CHECK(window(R"("limit":1000000)").at("limit") == 10'000);
}

TEST_CASE_FIXTURE(jmap_fixture,
                  "jmap: what is put, moved and expunged by IMAP is seen at the next look") {
    imap.as_ann("1 CREATE Other\r\n");
    parts().fill(300);
    CHECK(query().size() == 300);
    imap.in_inbox("1 STORE 1:100 +FLAGS (\\Deleted)\r\n2 EXPUNGE\r\n3 UID MOVE 101:150 Other\r\n");
    parts().put("Subject: new\r\n\r\nx\r\n");
    CHECK(query().size() == 201);
    CHECK(query("{\"filter\":{\"inMailbox\":\"" + mailbox_id("Other") + "\"}}").size() == 50);
    imap.as_ann("1 DELETE Other\r\n");
    CHECK(query().size() == 151);
}

TEST_CASE_FIXTURE(jmap_fixture, "jmap: thousands of mails are put in order on a worker thread") {
    parts().fill(20);
    parts().copy_all(8);  // 5,120 messages of 20 emails
    parts().put("Subject: the last\r\n\r\nneedle\r\n");
    CHECK(query().size() == 21);
    CHECK(found(R"({"text":"needle"})") == "the last");
    CHECK(call("Mailbox/get").at("list").at(0).at("totalEmails") == 21);
}

TEST_CASE_FIXTURE(jmap_fixture, "jmap: a filter that takes too long ends, whatever it asks (G08)") {
    parts().put("Subject: a\r\n\r\nx\r\n");
    settings.search_timeout = -settings.search_timeout;
    CHECK(call("Email/query", R"({"filter":{"minSize":1}})").at("type") == "serverUnavailable");
    CHECK(call("Email/query", R"({"filter":{"text":"x"}})").at("type") == "serverUnavailable");
}
