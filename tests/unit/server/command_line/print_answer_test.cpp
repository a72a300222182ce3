#include "server/command_line/print_answer.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <string>

using hauspost::command_line::to_text;

namespace {

std::string shown(const std::string& command, const char* json) {
    const auto* known = hauspost::admin::api::find_command(command);
    REQUIRE(known != nullptr);
    return to_text(*known, boost::json::parse(json).as_object());
}

}  // namespace

TEST_CASE("print: a list is a table whose columns line up") {
    CHECK(shown("alias list",
                R"({"aliases":[{"address":"a@b.c","targets":["x@y.z","u@v.w"],"enabled":true},
                               {"address":"longer@b.c","targets":[],"enabled":false}]})") ==
          "address     targets      enabled\n"
          "a@b.c       x@y.z,u@v.w  yes\n"
          "longer@b.c               no\n");
    CHECK(shown("domain list", R"({"domains":[]})") == "");
    CHECK(shown("queue list",
                R"({"queue":[{"id":7,"from":"","recipients":[{"to":"a@b.c"}],"octets":9,
                              "state":"held","due_at":0}]})") ==
          "id  created_at  from  recipients  octets  state  due_at  last_reply\n"
          "7                     a@b.c       9       held\n");
}

TEST_CASE("print: columns line up for umlauts, and names cannot steer the terminal") {
    CHECK(
        shown("account list",
              R"({"accounts":[{"address":"j\u00fcrgen@b.c","display_name":"J\u00fcrgen"},
                                {"address":"anna@b.c","display_name":"\u001b[2J"}]})") ==
        "address     active  messages  octets  quota_octets  forwards  keep_copy  last_sign_in_at  "
        "display_name\n"
        "j\xc3\xbcrgen@b.c                                                                 "
        "               J\xc3\xbcrgen\n"
        "anna@b.c                                                                           "
        "       "
        "\xef\xbf\xbd[2J\n");
}

TEST_CASE("print: what is shown of one thing has a line for each field") {
    CHECK(shown("account show", R"({"address":"a@b.c","active":true,"octets":5})") ==
          "address:  a@b.c\nactive:   yes\noctets:   5\n");
    CHECK(shown("queue drop", R"({"id":7})") == "queue drop 7: done\n");
}

TEST_CASE("print: records of a domain are lines of a zone file") {
    CHECK(shown("domain dns",
                R"({"name":"xn--mller-kva.c","records":[
                    {"name":"xn--mller-kva.c.","type":"MX","value":"10 mail.b.c."},
                    {"name":"_dmarc.xn--mller-kva.c.","type":"TXT","value":"\"v=DMARC1\""}]})") ==
          "xn--mller-kva.c. IN MX 10 mail.b.c.\n"
          "_dmarc.xn--mller-kva.c. IN TXT \"v=DMARC1\"\n");
}

TEST_CASE("print: what the DNS says of each record, and what to do about it") {
    CHECK(shown("domain dns",
                R"({"name":"b.c","records":[
                    {"name":"b.c.","type":"MX","value":"10 m.b.c.","state":"right"},
                    {"name":"b.c.","type":"TXT","value":"\"v=spf1\"","state":"other",
                     "found":["\"v=spf1 -all\""],"advice":"Mend it."},
                    {"name":"b.c.","type":"CAA","value":"0 issue","state":"optional",
                     "note":"only sometimes"}]})") ==
          "right     b.c. IN MX 10 m.b.c.\n"
          "other     b.c. IN TXT \"v=spf1\"\n"
          "    there is: \"v=spf1 -all\"\n"
          "    Mend it.\n"
          "optional  b.c. IN CAA 0 issue\n"
          "    only sometimes\n");
}

TEST_CASE("print: a test of a delivery has a line for each step, and says how it ends") {
    CHECK(shown("delivery test",
                R"({"address":"a@b.c","good":false,"steps":[
                    {"step":"hosts","result":"good","text":"mx.b.c"},
                    {"step":"tls","result":"note","text":"none"},
                    {"step":"recipient","result":"bad","text":"550 no","advice":"Ask."}]})") ==
          "ok    hosts: mx.b.c\n"
          "note  tls: none\n"
          "FAIL  recipient: 550 no\n"
          "      Ask.\n"
          "As things are, no mail to a@b.c is taken; nothing was sent.\n");
}

TEST_CASE("print: what was done is one line, a made-up password one more") {
    CHECK(shown("domain add", R"({"name":"b.c"})") == "domain add b.c: done\n");
    CHECK(shown("account add", R"({"address":"a@b.c","password":"pw"})") ==
          "account add a@b.c: done\npassword: pw\n(shown this once; it is kept nowhere)\n");
}

TEST_CASE("print: deleted mail that was purged or restored is counted") {
    CHECK(shown("account purge", R"({"address":"a@b.c","messages":7})") ==
          "account purge a@b.c: done, messages: 7\n");
    CHECK(shown("account restore", R"({"address":"a@b.c","messages":3,"left_over_quota":0})") ==
          "account restore a@b.c: done, messages: 3\n");
    CHECK(shown("account restore", R"({"address":"a@b.c","messages":3,"left_over_quota":2})") ==
          "account restore a@b.c: done, messages: 3\n"
          "kept back, since the quota has no room for them: 2\n");
}

TEST_CASE("print: mail that was brought back is told with where it is") {
    CHECK(shown("restore-mail",
                R"({"address":"a@b.c","messages":3,"left_over_quota":1,"mailboxes":[
                    {"name":"INBOX","messages":2},{"name":"Old","messages":1,"made":true}]})") ==
          "restore-mail a@b.c: done, messages: 3\n"
          "kept back, since the quota has no room for them: 1\n"
          "  INBOX: 2\n"
          "  Old: 1 (a new mailbox)\n");
    CHECK(shown("account undelete",
                R"({"address":"a@b.c","password":"pw","messages":0,"left_over_quota":0})") ==
          "account undelete a@b.c: done, messages: 0\n"
          "password: pw\n(shown this once; it is kept nowhere)\n");
    const auto list = shown("deleted mail",
                            R"({"entries":[{"id":"1.2.3.4","deleted_at":0,"mailbox":"Old",
                                "from":"x@b.c","subject":"Hi","messages":1,"octets":7}],
                                "more":"1.2.3.4"})");
    CHECK(list.find("1.2.3.4") != std::string::npos);
    CHECK(list.find("Hi") != std::string::npos);
    CHECK(list.find("older ones: --after 1.2.3.4") != std::string::npos);
}

TEST_CASE("print: check tells its findings and counts") {
    CHECK(shown("check",
                R"({"sound":false,"findings":["row 5 is odd"],"accounts":1,"mailboxes":2,
                    "messages":3,"blobs":4,"octets":5})") ==
          "fault: row 5 is odd\n"
          "found faults in: 1 accounts, 2 mailboxes, 3 messages, 4 blobs, 5 octets\n");
}

TEST_CASE("print: names are shown with U-labels and line up, texts stay as they are") {
    CHECK(
        shown("alias list",
              R"({"aliases":[{"address":"a@xn--mller-kva.c","targets":["x@xn--mller-kva.c","u@v.w"],
                                "enabled":true},
                               {"address":"longest@b.c","targets":[],"enabled":false}]})") ==
        "address      targets           enabled\n"
        "a@m\xc3\xbcller.c   x@m\xc3\xbcller.c,u@v.w  yes\n"
        "longest@b.c                    no\n");
    CHECK(shown("account show",
                R"({"address":"a@xn--mller-kva.c","display":"x","note":"xn--mller-kva.c"})") ==
          "address:  a@m\xc3\xbcller.c\nnote:     xn--mller-kva.c\n");
    CHECK(shown("domain add", R"({"name":"xn--mller-kva.c"})") ==
          "domain add m\xc3\xbcller.c: done\n");
}

TEST_CASE("print: a renamed account is told with what becomes of the old address") {
    CHECK(shown("account rename",
                R"({"address":"b@b.c","old_address":"a@b.c","kept_as_alias":true,
                    "changed_targets":2})") ==
          "a@b.c is b@b.c now; programs have to log in by that name\n"
          "mail to a@b.c still arrives: it is an alias now\n"
          "targets of aliases, forwards and catch-alls that were changed: 2\n");
    CHECK(shown("account rename",
                R"({"address":"b@b.c","old_address":"a@b.c","kept_as_alias":false,
                    "changed_targets":0})") ==
          "a@b.c is b@b.c now; programs have to log in by that name\n"
          "mail to a@b.c is refused\n");
}

TEST_CASE("print: a waiting message is shown with each recipient, and times as people read them") {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
    CHECK(shown("queue show",
                R"({"id":7,"from":"a@b.c","recipients":[{"to":"x@y.z","attempts":2,
                    "attempted_at":1795429606,"last_reply":"450 later"}],"created_at":1795429600})") ==
          "id:          7\n"
          "from:        a@b.c\n"
          "recipients:  x@y.z\n"
          "created_at:  2026-11-23 10:26:40\n"
          "\n"
          "to:            x@y.z\n"
          "attempts:      2\n"
          "attempted_at:  2026-11-23 10:26:46\n"
          "last_reply:    450 later\n");
}

TEST_CASE("print: a set-up link, recovery codes, and the audit log") {
    CHECK(shown("owner setup-link", R"({"url":"https://h/setup#x","expires_at":0})") ==
          "https://h/setup#x\n(good once, until ; open it in a browser)\n");
    CHECK(shown("owner totp-enable", R"({"recovery_codes":["aa-bb","cc-dd"]})") ==
          "The second factor is on. Each of these codes stands in for it once:\n"
          "  aa-bb\n  cc-dd\n(shown this once; keep them where you keep keys)\n");
    CHECK(shown("audit list",
                R"({"entries":[{"begun_at":0,"who":"owner","from":"::1","command":"account set",
                                "subject":"a@b.c","end":"done","before":{"active":true},
                                "after":{"active":false}}],"more":"5-0"})") ==
          "begun_at  who    from  command      subject  end   before           after\n"
          "          owner  ::1   account set  a@b.c    done  {\"active\":true}  "
          "{\"active\":false}\nolder ones: --after 5-0\n");
    CHECK(shown("owner password", R"({"name":"owner"})") == "owner password owner: done\n");
}

TEST_CASE(
    "print: the overview answers in a line each, and what should be looked after stands below") {
    const auto text = shown("overview show",
                            R"({"receiving":"good","sending":"off","waiting":3,
            "today":{"received":5,"submitted":4,"refused":2,"delivered":1,"failed":0,"sign_ins":7,"wrong_passwords":6},
            "hours":[],"storage":{"mail_octets":10,"free_octets":20,"disk_octets":30},
            "alarms":[{"id":"owner.totp","level":"info","text":"The owner's second factor is off."}]})");
    CHECK(text ==
          "mail in:    taken\n"
          "mail out:   waits: set delivery.resolver or delivery.relay\n"
          "received:   5, and 2 recipients refused\n"
          "sent:       4, waiting now: 3\n"
          "to others:  1 recipients delivered, 0 given up\n"
          "sign-ins:   7, and 6 wrong passwords\n"
          "disk:       20 of 30 octets free, mail takes 10\n"
          "info: The owner's second factor is off.\n");
    CHECK(shown("overview show", R"({"receiving":"stopped","sending":"good"})")
              .find("REFUSED: the disk is full") != std::string::npos);
}

TEST_CASE("print: who signed in last stands in one line for each protocol") {
    const auto text =
        shown("account show",
              R"({"address":"anna@b.c","sign_ins":[{"protocol":"imap","at":1700000000,)"
              R"("address":"192.0.2.1","encrypted":true,"program":"\u001bMutt"},)"
              R"({"protocol":"pop3","at":1700000000,"address":"192.0.2.2","encrypted":false,)"
              R"("program":""}]})");
    CHECK(text.find("imap 20") != std::string::npos);
    CHECK(text.find(" from 192.0.2.1 by \xef\xbf\xbdMutt,pop3 20") != std::string::npos);
    CHECK(text.find(" from 192.0.2.2 without TLS\n") != std::string::npos);
}
