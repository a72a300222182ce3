#include "protocols/jmap/session/download.hpp"

#include "tests/session/jmap/fixture.hpp"

using namespace hauspost;
using test::contains;
using test::jmap_fixture;

namespace {

const std::string with_file =
    "Subject: file\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    "--b\r\n\r\ntext\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n"
    "Content-Disposition: attachment\r\n\r\nPHA+aGVsbG88L3A+\r\n--b--\r\n";

struct downloads : jmap_fixture {
    std::string get(const std::string& blob,
                    const std::string& rest,
                    const std::string& user = "ann@a.example",
                    const std::string& owner = "ann@a.example") {
        return ask("GET /jmap/download/" + account_id_of(user, owner) + "/" + blob + "/" + rest,
                   authorization(user));
    }
};

}  // namespace

TEST_CASE_FIXTURE(downloads, "jmap 8620 6.2: a message and its parts, the octets as they came") {
    parts().put(with_file, 0, {}, "INBOX", "Delivered-To: ann@a.example\r\n");
    const auto id = query().front();
    auto said = get(id, "a.eml?type=message/rfc822");
    CHECK(said.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(content_of(said) == "Delivered-To: ann@a.example\r\n" + with_file);
    CHECK(contains(said, "Content-Type: message/rfc822\r\n"));
    CHECK(contains(said, "Cache-Control: private, immutable, max-age=31536000\r\n"));
    said = get(id + "_2", "x.html?type=text/html");
    CHECK(content_of(said) == "<p>hello</p>");
    CHECK(contains(said, "Content-Type: text/html\r\n"));
    CHECK(content_of(get(id + "_1", "x")) == "text");
}

TEST_CASE_FIXTURE(downloads,
                  "jmap downloads: never shown in place, whatever type is asked for (G04)") {
    parts().put(with_file);
    const auto id = query().front();
    for (const auto* type :
         {"text/html", "image/svg+xml", "text/html;charset=x", "a/b%0d%0aX:y", ""}) {
        const auto said = get(id + "_2", "x.html?type=" + std::string(type));
        CHECK(said.starts_with("HTTP/1.1 200 "));
        CHECK(contains(said, "Content-Disposition: attachment; filename=\"x.html\"\r\n"));
        CHECK(contains(said, "X-Content-Type-Options: nosniff\r\n"));
        CHECK(contains(said, "Content-Security-Policy: sandbox; default-src 'none'"));
        CHECK_FALSE(contains(said, "\r\nX:"));
    }
    CHECK(contains(get(id, "x?type=nonsense"), "Content-Type: application/octet-stream\r\n"));
}

TEST_CASE_FIXTURE(downloads,
                  "jmap downloads: what is not there, or not to be read, is 404 alike (G14)") {
    imap.as_ann("1 CREATE Offen\r\n2 SETACL Offen bob@a.example lr\r\n");
    parts().put(with_file);
    parts().put("Subject: open\r\n\r\nx\r\n", 0, {}, "Offen");
    const auto ids = query("{\"filter\":{\"inMailbox\":\"" + mailbox_id("INBOX") + "\"}}");
    const auto open = query("{\"filter\":{\"inMailbox\":\"" + mailbox_id("Offen") + "\"}}");
    const auto missing = get("M0000000000000001", "x");
    CHECK(missing.starts_with("HTTP/1.1 404 "));
    CHECK(get(open.front(), "x", "bob@a.example").starts_with("HTTP/1.1 200 "));
    for (const auto& said :
         {get(ids.front(), "x", "bob@a.example"), get(ids.front(), "x", "bob@a.example", ""),
          get(ids.front() + "_9", "x"), get("x", "x"), get(ids.front() + "_", "x")})
        CHECK(content_of(said) == content_of(missing));
    CHECK(ask("GET /jmap/download/A1/" + ids.front() + "/x").starts_with("HTTP/1.1 401 "));
    CHECK(ask("POST /jmap/download/A1/" + ids.front() + "/x", authorization("ann@a.example"))
              .starts_with("HTTP/1.1 405 "));
}

TEST_CASE("jmap downloads: names of files lead nobody astray") {
    using jmap::attachment_field;
    CHECK(attachment_field("a.pdf") == "attachment; filename=\"a.pdf\"");
    CHECK(attachment_field("a\"b\\c%d") ==
          "attachment; filename=\"a_b_c_d\"; filename*=UTF-8''a%22b%5Cc%25d");
    CHECK(attachment_field("Gr\xc3\xbc\xc3\x9f"
                           "e.pdf") ==
          "attachment; filename=\"Gr____e.pdf\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.pdf");
    CHECK(attachment_field("x\xe2\x80\xaegpj.exe\r\n\x01") == "attachment; filename=\"xgpj.exe\"");
    CHECK(attachment_field(std::string(1000, 'a')).size() < 300);
}

TEST_CASE("jmap downloads: paths are of three parts") {
    using jmap::parse_download_path;
    const auto got = parse_download_path("/jmap/download/A1/M2_1-2/n.x");
    REQUIRE(got);
    CHECK(got->email == "M2");
    CHECK(got->part == "1.2");
    CHECK(got->name == "n.x");
    for (const auto* path : {"/jmap/download/", "/jmap/download/A1/M2", "/jmap/download/A1/M2/",
                             "/jmap/download/A1/M2/a/b", "/jmap/download/A 1/M2/a",
                             "/jmap/download/A1/M2_/a", "/jmap/downloads/A1/M2/a"})
        CHECK_MESSAGE(!parse_download_path(path), path);
}

TEST_CASE("jmap downloads: slow clients hold no more than there is room for (H12)") {
    const auto room = std::make_shared<jmap::download_room>(100);
    auto first = jmap::download_room::take(room, 60);
    CHECK(first);
    CHECK_FALSE(jmap::download_room::take(room, 60));
    first.reset();
    CHECK(jmap::download_room::take(room, 100));
}
