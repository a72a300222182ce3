#include "tests/session/jmap/fixture.hpp"

#include <map>

using namespace hauspost;
using test::contains;
using test::jmap_fixture;
namespace json = boost::json;

namespace {

constexpr std::uint32_t seen = mail::flags::seen;
constexpr std::uint32_t deleted = mail::flags::deleted;

struct mailboxes : jmap_fixture {
    json::object box(const std::string& name) {
        const auto said = call("Mailbox/get");
        for (const auto& one : said.at("list").as_array())
            if (one.at("name") == json::value(name)) return one.as_object();
        return {};
    }
    std::string names(const std::string& arguments) {
        std::map<std::string, std::string> name_of;
        const auto said = call("Mailbox/get");
        for (const auto& one : said.at("list").as_array())
            name_of[text_of(one.as_object(), "id")] = text_of(one.as_object(), "name");
        std::string made;
        const auto answer = call("Mailbox/query", arguments);
        if (answer.contains("type")) return text_of(answer, "type");
        for (const auto& id : answer.at("ids").as_array())
            made += (made.empty() ? "" : " ") + name_of[std::string(id.as_string())];
        return made;
    }
    std::string mailbox_state() { return text_of(call("Mailbox/get"), "state"); }
};

}  // namespace

TEST_CASE_FIXTURE(mailboxes, "jmap 8621 2: names, parents, roles and counts as IMAP has them") {
    imap.as_ann("1 CREATE Kunden/Gross\r\n2 CREATE Kunden/Klein\r\n3 SUBSCRIBE Kunden/Klein\r\n");
    parts().put("Subject: a\r\nMessage-ID: <a@x>\r\n\r\nx\r\n");
    parts().put("Subject: Re: a\r\nMessage-ID: <b@x>\r\nReferences: <a@x>\r\n\r\nx\r\n", seen);
    parts().put("Subject: c\r\nMessage-ID: <c@x>\r\n\r\nx\r\n", seen);
    parts().put("Subject: gone\r\n\r\nx\r\n", deleted);
    const auto inbox = box("INBOX");
    CHECK(inbox.at("role") == "inbox");
    CHECK(inbox.at("parentId").is_null());
    CHECK(inbox.at("totalEmails") == 3);
    CHECK(inbox.at("unreadEmails") == 1);
    CHECK(inbox.at("totalThreads") == 2);
    CHECK(inbox.at("unreadThreads") == 1);
    CHECK(inbox.at("myRights").at("mayDelete") == false);
    CHECK(inbox.at("myRights").at("mayReadItems") == true);
    const auto klein = box("Klein");
    CHECK(klein.at("parentId") == box("Kunden").at("id"));
    CHECK(klein.at("role").is_null());
    CHECK(klein.at("isSubscribed") == true);
    CHECK(klein.at("myRights").at("mayDelete") == true);
}

TEST_CASE_FIXTURE(mailboxes, "jmap 8621 2: the id is that of IMAP's OBJECTID") {
    test::imap_client client(imap);
    const auto said = client.command("STATUS INBOX (MAILBOXID)");
    CHECK(contains(said, "(" + text_of(box("INBOX"), "id") + ")"));
}

TEST_CASE_FIXTURE(mailboxes, "jmap 8620 5.1: ids, properties and what is not found") {
    const auto id = text_of(box("INBOX"), "id");
    auto said = call("Mailbox/get", "{\"ids\":[\"" + id + "\",\"Fnone\",\"" + id +
                                        "\"],\"properties\":[\"name\"]}");
    CHECK(json::serialize(said.at("list")) == "[{\"id\":\"" + id + "\",\"name\":\"INBOX\"}]");
    CHECK(json::serialize(said.at("notFound")) == R"(["Fnone"])");
    CHECK(call("Mailbox/get", R"({"properties":["colour"]})").at("type") == "invalidArguments");
    CHECK(call("Mailbox/get", R"({"ids":"x"})").at("type") == "invalidArguments");
    CHECK(call("Mailbox/get", R"({"accountId":"Anone"})").at("type") == "accountNotFound");
    CHECK(call("Mailbox/get", R"({"accountId":1})").at("type") == "invalidArguments");
    std::string many;
    for (int n = 0; n < 1001; ++n)
        many += (n == 0 ? "\"F" : ",\"F") + std::to_string(n) + '"';
    CHECK(call("Mailbox/get", "{\"ids\":[" + many + "]}").at("type") == "requestTooLarge");
}

TEST_CASE_FIXTURE(mailboxes,
                  "jmap 8620 5.2: a state is equal as long as nothing changes, by whomever") {
    const auto before = mailbox_state();
    CHECK(mailbox_state() == before);
    auto said = call("Mailbox/changes", "{\"sinceState\":\"" + before + "\"}");
    CHECK(said.at("newState") == said.at("oldState"));
    CHECK(said.at("updatedProperties").is_null());
    for (const auto* command :
         {"CREATE New", "RENAME New Newer", "SUBSCRIBE Newer", "DELETE Newer"}) {
        const auto old = mailbox_state();
        imap.as_ann("1 " + std::string(command) + "\r\n");
        CHECK_MESSAGE(mailbox_state() != old, command);
    }
    parts().put("Subject: a\r\n\r\nx\r\n");
    said = call("Mailbox/changes", "{\"sinceState\":\"" + before + "x\"}");
    CHECK(said.at("type") == "cannotCalculateChanges");
    CHECK(call("Mailbox/changes", "{}").at("type") == "invalidArguments");
    CHECK(call("Mailbox/changes", R"({"sinceState":"x","maxChanges":0})").at("type") ==
          "invalidArguments");
}

TEST_CASE_FIXTURE(mailboxes,
                  "jmap 8621 2.3: queries by parent, name, role, subscription, and as a tree") {
    imap.as_ann("1 CREATE B/b2\r\n2 CREATE B/b1\r\n3 CREATE A\r\n4 SUBSCRIBE A\r\n");
    const auto b = text_of(box("B"), "id");
    CHECK(names("{\"filter\":{\"parentId\":\"" + b + "\"},\"sort\":[{\"property\":\"name\"}]}") ==
          "b1 b2");
    CHECK(names(R"({"filter":{"role":"inbox"}})") == "INBOX");
    CHECK(names(R"({"filter":{"isSubscribed":true,"hasAnyRole":false}})") == "A");
    CHECK(names(R"({"filter":{"name":"B1"}})") == "b1");
    CHECK(names(R"({"filter":{"operator":"AND","conditions":[{"hasAnyRole":false},
                    {"operator":"NOT","conditions":[{"name":"b"}]}]}})") == "A");
    CHECK(names(R"({"filter":{"hasAnyRole":false},"sortAsTree":true,
                    "sort":[{"property":"name","isAscending":false}]})") == "B b2 b1 A");
    CHECK(names(R"({"filter":{"name":"b1"},"filterAsTree":true})").empty());
    CHECK(names(R"({"filter":{"name":"b1"},"sort":[{"property":"colour"}]})") == "unsupportedSort");
    CHECK(names(R"({"filter":{"colour":1}})") == "unsupportedFilter");
    CHECK(names(R"({"filter":{"hasAnyRole":1}})") == "invalidArguments");
    const auto by_name = [](std::size_t octets) {
        return R"({"filter":{"name":")" + std::string(octets, 'x') + "\"}}";
    };
    CHECK(names(by_name(1'024)).empty());
    CHECK(names(by_name(1'025)) == "unsupportedFilter");
    const auto said = call("Mailbox/query", R"({"position":1,"limit":2,"calculateTotal":true})");
    CHECK(said.at("ids").as_array().size() == 2);
    CHECK(said.at("position") == 1);
    CHECK(said.at("total").to_number<int>() > 3);
    CHECK(said.at("canCalculateChanges") == false);
    CHECK(call("Mailbox/query", R"({"anchor":"Fnone"})").at("type") == "anchorNotFound");
}

TEST_CASE_FIXTURE(mailboxes, "jmap shares: what IMAP does not show, JMAP does not either (G14)") {
    imap.as_ann(
        "1 CREATE Offen\r\n2 CREATE Nur\r\n3 CREATE Zu\r\n4 SETACL Offen bob@a.example lr\r\n"
        "5 SETACL Nur bob@a.example l\r\n");
    parts().put("Subject: shared\r\n\r\nx\r\n", 0, {}, "Offen");
    parts().put("Subject: listed\r\n\r\nx\r\n", 0, {}, "Nur");
    parts().put("Subject: closed\r\n\r\nx\r\n", 0, {}, "Zu");
    const auto shared = account_id_of("bob@a.example", "ann@a.example");
    REQUIRE_FALSE(shared.empty());
    CHECK(session("bob@a.example").at("accounts").at(shared).at("isPersonal") == false);
    const auto own = "{\"accountId\":\"" + shared + "\"";
    auto said = call("Mailbox/get", own + "}", "bob@a.example");
    REQUIRE(said.at("list").as_array().size() == 2);
    std::map<std::string, json::object> by_name;
    for (const auto& one : said.at("list").as_array())
        by_name[text_of(one.as_object(), "name")] = one.as_object();
    CHECK(by_name["Offen"].at("totalEmails") == 1);
    CHECK(by_name["Offen"].at("myRights").at("mayReadItems") == true);
    CHECK(by_name["Offen"].at("myRights").at("mayAddItems") == false);
    CHECK(by_name["Nur"].at("totalEmails") == 0);
    CHECK(by_name["Nur"].at("myRights").at("mayReadItems") == false);
    // The same as by IMAP.
    const auto listed = imap.talk(
        "1 LOGIN bob@a.example pw\r\n2 LIST \"\" \"Shared/*\"\r\n"
        "3 SELECT Shared/ann@a.example/Nur\r\n");
    CHECK(contains(listed, "Shared/ann@a.example/Offen"));
    CHECK(contains(listed, "Shared/ann@a.example/Nur"));
    CHECK_FALSE(contains(listed, "Shared/ann@a.example/Zu"));
    CHECK(contains(listed, "3 NO "));

    said = call("Email/query", own + "}", "bob@a.example");
    REQUIRE(said.at("ids").as_array().size() == 1);
    // Ids of what may not be read, by their owner known.
    std::string all;
    for (const auto& id : query())
        all += (all.empty() ? "\"" : ",\"") + id + '"';
    said = call("Email/get", own + ",\"ids\":[" + all + "],\"properties\":[\"subject\"]}",
                "bob@a.example");
    REQUIRE(said.at("list").as_array().size() == 1);
    CHECK(said.at("list").at(0).at("subject") == "shared");
    CHECK(said.at("notFound").as_array().size() == 2);
    // The right goes, and with it the mail, at once.
    imap.as_ann("1 DELETEACL Offen bob@a.example\r\n");
    said = call("Email/query", own + "}", "bob@a.example");
    CHECK(said.at("ids").as_array().empty());
    // Somebody else's account is none.
    CHECK(call("Mailbox/get", "{\"accountId\":\"" + account_id_of("bob@a.example") + "\"}")
              .at("type") == "accountNotFound");
}
