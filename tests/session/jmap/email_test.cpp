#include "tests/session/jmap/fixture.hpp"

#include <map>

using namespace hauspost;
using test::contains;
using test::jmap_fixture;
namespace json = boost::json;

namespace {

constexpr std::uint32_t seen = mail::flags::seen;
constexpr std::uint32_t flagged = mail::flags::flagged;

const std::string with_file =
    "From: =?utf-8?q?J=C3=BCrgen?= Gross <j.gross@holz.example>, Team: a@x.example, "
    "b@x.example;\r\n"
    "To: ann@a.example\r\nCc: \"Last, First\" <c@x.example>\r\n"
    "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nDate: Fri, 2 Jan 2026 10:00:00 +0100\r\n"
    "Message-ID: <m1@x.example>\r\nIn-Reply-To: <m0@x.example>\r\n"
    "References: <r0@x.example> <m0@x.example>\r\nX-Own: one\r\nX-Own: two\r\n"
    "List-Unsubscribe: <mailto:u@x.example>, <https://x.example/u>\r\n"
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: multipart/alternative; boundary=i\r\n\r\n"
    "--i\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=FC=DFe\r\nan alle\r\n"
    "--i\r\nContent-Type: text/html\r\n\r\n<p>html</p>\r\n--i--\r\n"
    "--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment; "
    "filename=\"Plan 1.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n"
    "--b--\r\n";

}  // namespace

TEST_CASE_FIXTURE(jmap_fixture, "jmap 8621 4.1.1: an email's own properties, ids as by IMAP") {
    parts().put(with_file, seen | flagged, {"$Label1"});
    const auto ids = query();
    REQUIRE(ids.size() == 1);
    const auto one = email(ids.front());
    CHECK(text_of(one, "id") == ids.front());
    CHECK(text_of(one, "blobId") == ids.front());
    CHECK(one.at("mailboxIds").as_object().contains(mailbox_id("INBOX")));
    CHECK(json::serialize(one.at("keywords")) ==
          R"({"$flagged":true,"$label1":true,"$seen":true})");
    CHECK(one.at("receivedAt") == "2026-01-02T03:04:05Z");
    CHECK(one.at("size") == with_file.size());
    const auto said = imap.in_inbox("1 FETCH 1 (EMAILID THREADID)\r\n");
    CHECK(contains(said, "EMAILID (" + ids.front() + ")"));
    CHECK(contains(said, "THREADID (" + text_of(one, "threadId") + ")"));
}

TEST_CASE_FIXTURE(jmap_fixture, "jmap 8621 4.1.2: header fields in short and in all forms") {
    parts().put(with_file);
    const auto id = query().front();
    const auto one = email(id);
    CHECK(one.at("subject") == "Grüße");
    CHECK(json::serialize(one.at("messageId")) == R"(["m1@x.example"])");
    CHECK(json::serialize(one.at("inReplyTo")) == R"(["m0@x.example"])");
    CHECK(json::serialize(one.at("references")) == R"(["r0@x.example","m0@x.example"])");
    CHECK(one.at("sentAt") == "2026-01-02T10:00:00+01:00");
    CHECK(one.at("sender").is_null());
    CHECK(one.at("replyTo").is_null());
    CHECK(json::serialize(one.at("cc")) == R"([{"name":"Last, First","email":"c@x.example"}])");
    REQUIRE(one.at("from").as_array().size() == 3);
    CHECK(one.at("from").at(0).at("name") == "Jürgen Gross");

    const auto more = email(
        id,
        R"(,"properties":["header:X-Own","header:x-own:asText:all","header:None","header:None:all",
            "header:From:asGroupedAddresses","header:List-Unsubscribe:asURLs","header:Date:asDate",
            "header:Subject:asRaw"])");
    CHECK(more.at("header:X-Own") == " two");
    CHECK(json::serialize(more.at("header:x-own:asText:all")) == R"(["one","two"])");
    CHECK(more.at("header:None").is_null());
    CHECK(more.at("header:None:all").as_array().empty());
    REQUIRE(more.at("header:From:asGroupedAddresses").as_array().size() == 2);
    CHECK(more.at("header:From:asGroupedAddresses").at(0).at("name").is_null());
    CHECK(more.at("header:From:asGroupedAddresses").at(1).at("name") == "Team");
    CHECK(json::serialize(more.at("header:List-Unsubscribe:asURLs")) ==
          R"(["mailto:u@x.example","https://x.example/u"])");
    CHECK(more.at("header:Subject:asRaw") == " =?utf-8?q?Gr=C3=BC=C3=9Fe?=");

    for (const auto* wrong :
         {"header:From:asDate", "header:Subject:asAddresses", "header:Date:asText",
          "header:X:asNothing", "header:", "header:X:all:asText", "colour"})
        CHECK_MESSAGE(
            call("Email/get", "{\"ids\":[],\"properties\":[\"" + std::string(wrong) + "\"]}")
                    .at("type") == "invalidArguments",
            wrong);
}

TEST_CASE_FIXTURE(jmap_fixture, "jmap 8621 4.1.4: the body as a tree, as lists and as texts") {
    parts().put(with_file);
    const auto id = query().front();
    const auto one =
        email(id, R"(,"properties":["bodyStructure","textBody","htmlBody","attachments",
        "hasAttachment","preview","bodyValues"],"bodyProperties":["partId","blobId","size","type",
        "charset","name","disposition"],"fetchAllBodyValues":true)");
    const auto& root = one.at("bodyStructure").as_object();
    CHECK(root.at("type") == "multipart/mixed");
    CHECK(root.at("partId").is_null());
    CHECK(root.at("blobId").is_null());
    CHECK(root.at("subParts").as_array().size() == 2);
    CHECK(json::serialize(one.at("textBody")) ==
          "[{\"partId\":\"1.1\",\"blobId\":\"" + id +
              "_1-1\",\"size\":14,\"type\":\"text/plain\",\"charset\":\"iso-8859-1\",\"name\":null,"
              "\"disposition\":null}]");
    CHECK(one.at("htmlBody").at(0).at("partId") == "1.2");
    const auto& file = one.at("attachments").at(0).as_object();
    CHECK(file.at("name") == "Plan 1.pdf");
    CHECK(file.at("size") == 5);
    CHECK(file.at("disposition") == "attachment");
    CHECK(file.at("charset").is_null());
    CHECK(one.at("hasAttachment") == true);
    CHECK(one.at("bodyValues").at("1.1").at("value") == "Grüße\nan alle");
    CHECK(one.at("bodyValues").at("1.1").at("isTruncated") == false);
    CHECK(one.at("bodyValues").at("1.2").at("value") == "<p>html</p>");
    CHECK_FALSE(one.at("bodyValues").as_object().contains("2"));
    const auto cut = email(
        id, R"(,"properties":["bodyValues"],"fetchTextBodyValues":true,"maxBodyValueBytes":3)");
    // Never within a character: "Gr" and the two octets of the next one are four.
    CHECK(cut.at("bodyValues").at("1.1").at("value") == "Gr");
    CHECK(cut.at("bodyValues").at("1.1").at("isTruncated") == true);
    CHECK(email(id).at("bodyValues").as_object().empty());
}

TEST_CASE_FIXTURE(jmap_fixture,
                  "jmap 8621 4.1.4: a message without parts, and one that is broken") {
    parts().put("Subject: plain\r\n\r\nhello\r\n");
    parts().put("Content-Type: multipart/mixed; boundary=x\r\n\r\nno part\r\n");
    parts().put("");
    for (const auto& id : query()) {
        const auto one = email(
            id,
            R"(,"properties":["bodyStructure","textBody","attachments","hasAttachment","bodyValues",
                "from","subject","preview"],"fetchAllBodyValues":true)");
        CHECK(one.at("hasAttachment") == false);
        CHECK(one.at("bodyStructure").at("partId") == "1");
    }
}

TEST_CASE_FIXTURE(jmap_fixture, "jmap 8620 5.1: emails that are not there, and too many") {
    parts().put("Subject: a\r\n\r\nx\r\n");
    const auto id = query().front();
    const auto said =
        call("Email/get", "{\"ids\":[\"" + id + "\",\"M0000000000000000\",\"x\",\"M" +
                              std::string(16, 'f') + "\"],\"properties\":[\"size\"]}");
    CHECK(said.at("list").as_array().size() == 1);
    CHECK(said.at("notFound").as_array().size() == 3);
    CHECK(call("Email/get", "{}").at("type") == "requestTooLarge");
    CHECK(call("Email/get", R"({"ids":[],"maxBodyValueBytes":-1})").at("type") ==
          "invalidArguments");
    CHECK(call("Email/get", R"({"ids":[],"fetchAllBodyValues":1})").at("type") ==
          "invalidArguments");
}

TEST_CASE_FIXTURE(jmap_fixture,
                  "jmap 8621 4.1.1: copies are one email, \\Deleted ones are not there") {
    imap.as_ann("1 CREATE Other\r\n");
    parts().put("Subject: a\r\n\r\nx\r\n", seen);
    imap.in_inbox("1 COPY 1 Other\r\n2 COPY 1 INBOX\r\n");
    auto ids = query();
    REQUIRE(ids.size() == 1);
    CHECK(email(ids.front()).at("mailboxIds").as_object().size() == 2);
    CHECK(query("{\"filter\":{\"inMailbox\":\"" + mailbox_id("Other") + "\"}}") == ids);
    CHECK(email(ids.front()).at("keywords").as_object().contains("$seen"));
    // Read when all are, flagged when one is.
    imap.in_inbox("1 STORE 2 -FLAGS (\\Seen)\r\n2 STORE 1 +FLAGS (\\Flagged)\r\n");
    CHECK(json::serialize(email(ids.front()).at("keywords")) == R"({"$flagged":true})");
    imap.in_inbox("1 STORE 1:2 +FLAGS (\\Deleted)\r\n");
    CHECK(email(ids.front()).at("mailboxIds").as_object().size() == 1);
    CHECK(query("{\"filter\":{\"inMailbox\":\"" + mailbox_id("INBOX") + "\"}}").empty());
    imap.in_inbox("1 STORE 1:2 -FLAGS (\\Deleted)\r\n");
    CHECK(query("{\"filter\":{\"inMailbox\":\"" + mailbox_id("INBOX") + "\"}}") == ids);
}

TEST_CASE_FIXTURE(jmap_fixture, "jmap 8621 3: a thread has its emails, the oldest first") {
    parts().put("Subject: a\r\nMessage-ID: <a@x>\r\n\r\nx\r\n");
    parts().put("Subject: b\r\nMessage-ID: <b@x>\r\nReferences: <a@x>\r\n\r\nx\r\n");
    parts().put("Subject: alone\r\n\r\nx\r\n");
    const auto ids = query();
    REQUIRE(ids.size() == 3);
    std::map<std::string, std::string> thread_of;
    for (const auto& id : ids)
        thread_of[text_of(email(id), "subject")] = text_of(email(id), "threadId");
    CHECK(thread_of["a"] == thread_of["b"]);
    CHECK(thread_of["a"] != thread_of["alone"]);
    const auto said =
        call("Thread/get", "{\"ids\":[\"" + thread_of["a"] + "\",\"" + thread_of["alone"] +
                               "\",\"T0000000000000000\",\"T\"]}");
    REQUIRE(said.at("list").as_array().size() == 2);
    CHECK(said.at("list").at(0).at("emailIds").as_array().size() == 2);
    CHECK(said.at("list").at(1).at("emailIds").as_array().size() == 1);
    CHECK(said.at("notFound").as_array().size() == 2);
    CHECK(said.at("state") == call("Email/get", R"({"ids":[]})").at("state"));
    CHECK(query(R"({"collapseThreads":true})").size() == 2);
}

TEST_CASE_FIXTURE(jmap_fixture,
                  "jmap 8620 5.2: the state of emails changes with each change by IMAP") {
    parts().put("Subject: a\r\n\r\nx\r\n");
    const auto state = [&] { return text_of(call("Email/get", R"({"ids":[]})"), "state"); };
    const auto before = state();
    CHECK(state() == before);
    CHECK(call("Email/changes", "{\"sinceState\":\"" + before + "\"}")
              .at("created")
              .as_array()
              .empty());
    CHECK(call("Thread/changes", "{\"sinceState\":\"" + before + "\"}").at("newState") ==
          json::value(before));
    for (const auto* command :
         {"STORE 1 +FLAGS (\\Seen)", "COPY 1 INBOX", "STORE 2 +FLAGS (\\Deleted)", "EXPUNGE"}) {
        const auto old = state();
        imap.in_inbox("1 " + std::string(command) + "\r\n");
        CHECK_MESSAGE(state() != old, command);
    }
    CHECK(call("Email/changes", "{\"sinceState\":\"" + before + "\"}").at("type") ==
          "cannotCalculateChanges");
}

TEST_CASE_FIXTURE(jmap_fixture, "jmap: what the answers of a request bring has an end (H03)") {
    std::string fields;
    for (int n = 0; n < 1'500; ++n)
        fields += "Xa: " + std::string(500, 'x') + "\r\n";
    std::string ids;
    for (int n = 0; n < 8; ++n)
        parts().put("Subject: " + std::to_string(n) + "\r\n" + fields + "\r\nx\r\n");
    for (const auto& id : query())
        ids += (ids.empty() ? "\"" : ",\"") + id + '"';
    const std::string properties =
        R"("properties":["header:xa:all","header:Xa:all","header:xA:all","header:XA:all",
            "header:xa:asRaw:all","header:xa:asText:all","header:Xa:asText:all"])";
    const auto get = [&](const std::string& some) {
        return R"(["Email/get",{"accountId":")" + account_id_of("ann@a.example") + "\",\"ids\":[" +
               some + "]," + properties + "},\"c\"]";
    };
    const auto first = ids.substr(0, ids.find(','));
    CHECK(calls(get(first)).at(0).at(0) == "Email/get");
    CHECK(calls(get(ids)).at(0).at(1).at("type") == "requestTooLarge");
    // Of all calls together.
    std::string many = get(first);
    for (int n = 0; n < 8; ++n)
        many += "," + get(first);
    CHECK(calls(many).at(8).at(1).at("type") == "requestTooLarge");
}

TEST_CASE_FIXTURE(jmap_fixture, "jmap: what methods of all kinds answer takes room (H03)") {
    std::string values = "1";
    for (int n = 1; n < 100'000; ++n)
        values += ",1";
    auto all = R"(["Core/echo",{"v":[)" + values + R"(]},"e"])";
    for (int n = 0; n < 20; ++n)
        all += R"(,["Core/echo",{"#v":{"resultOf":"e","name":"Core/echo","path":"/v"}},"c"])";
    const auto said = calls(all);
    CHECK(said.at(1).at(0) == "Core/echo");
    CHECK(said.at(20).at(1).at("type") == "requestTooLarge");
}

TEST_CASE_FIXTURE(jmap_fixture, "jmap 8621 4.2: isTruncated is true of each text that was cut") {
    const auto value_of = [&](const std::string& type, const std::string& text, int most) {
        parts().put("Subject: s\r\nContent-Type: " + type + "\r\n\r\n" + text);
        const auto one =
            email(query().front(), R"(,"properties":["bodyValues"],)"
                                   R"("fetchAllBodyValues":true,"maxBodyValueBytes":)" +
                                       std::to_string(most));
        return one.at("bodyValues").at("1").as_object();
    };
    std::string lines;
    for (int n = 0; n < 50; ++n)
        lines += "a\r\n";
    auto cut = value_of("text/plain", lines, 40);
    CHECK(cut.at("isTruncated") == true);
    CHECK(text_of(cut, "value").size() == 40);
    CHECK(value_of("text/plain", lines, 99).at("isTruncated") == true);
    CHECK(value_of("text/plain", lines, 100).at("isTruncated") == false);
    CHECK(value_of("text/plain", std::string(300, '\r') + "end", 40).at("isTruncated") == true);
}

TEST_CASE_FIXTURE(jmap_fixture,
                  "jmap: names of fields that a client makes up take room too (H03)") {
    std::string names, ids;
    for (int n = 0; n < 190; ++n)
        names += (n == 0 ? "\"header:" : ",\"header:") + std::string(245, 'x') +
                 std::to_string(100'000 + n) + '"';
    parts().fill(800);
    for (const auto& id : query())
        ids += (ids.empty() ? "\"" : ",\"") + id + '"';
    const auto get = [&](const std::string& some) {
        return call("Email/get", "{\"ids\":[" + some + "],\"properties\":[" + names + "]}");
    };
    CHECK(get(ids.substr(0, ids.find(','))).contains("list"));
    CHECK(get(ids).at("type") == "requestTooLarge");
}
