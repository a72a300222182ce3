// RFC 3516 BINARY.
#include "base/base64.hpp"
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_server;
using test::memory_stream;

namespace {

std::string with_parts(const std::string& encoded) {
    return "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
           "--b\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
           "a=3Db=\r\n c\r\n"
           "--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
           encoded + "\r\n--b\r\nContent-Transfer-Encoding: x-odd\r\n\r\n?\r\n--b--\r\n";
}

const std::string nul(1, '\0');

}  // namespace

TEST_CASE("imap session: BINARY gives parts decoded, with NUL as a literal8 (RFC 3516)") {
    imap_server server;
    server.parts.put(with_parts("AAEC\r\nAwQ="), mail::flags::seen);
    CHECK(server.in_inbox("a FETCH 1 (BINARY[1] BINARY.SIZE[1])\r\n"
                          "b FETCH 1 (UID BINARY.PEEK[2] BINARY.SIZE[2])\r\n"
                          "c FETCH 1 BINARY[2]<1.3>\r\n"
                          "d FETCH 1 BINARY[2]<5.3>\r\n"
                          "e FETCH 1 (BINARY[7] BINARY.SIZE[7])\r\n") ==
          "* 1 FETCH (BINARY[1] {5}\r\na=b c BINARY.SIZE[1] 5)\r\na OK Fetched\r\n"
          "* 1 FETCH (UID 1 BINARY[2] ~{5}\r\n" +
              nul +
              "\x01\x02\x03\x04 BINARY.SIZE[2] 5)\r\nb OK Fetched\r\n"
              "* 1 FETCH (BINARY[2]<1> {3}\r\n\x01\x02\x03)\r\nc OK Fetched\r\n"
              "* 1 FETCH (BINARY[2]<5> {0}\r\n)\r\nd OK Fetched\r\n"
              "* 1 FETCH (BINARY[7] NIL BINARY.SIZE[7] 0)\r\ne OK Fetched\r\n");
}

TEST_CASE("imap session: BINARY sets \\Seen, its PEEK and SIZE do not") {
    imap_server server;
    server.parts.put(with_parts("AAEC"));
    const auto said = server.in_inbox(
        "a FETCH 1 (BINARY.PEEK[1] BINARY.SIZE[1])\r\nb FETCH 1 FLAGS\r\nc FETCH 1 BINARY[1]\r\n");
    CHECK(said.find("* 1 FETCH (FLAGS ())\r\nb OK") != std::string::npos);
    CHECK(said.ends_with("* 1 FETCH (FLAGS (\\Seen) BINARY[1] {5}\r\na=b c)\r\nc OK Fetched\r\n"));
}

TEST_CASE("imap session: a transfer encoding that nobody knows is UNKNOWN-CTE, not guessed at") {
    imap_server server;
    server.parts.put(with_parts("AAEC"));
    CHECK(server.in_inbox("a FETCH 1 (BODY.PEEK[1] BINARY.PEEK[3])\r\nb FETCH 1 BINARY.SIZE[3]\r\n"
                          "c FETCH 1 BODY.PEEK[3]\r\n") ==
          "a NO [UNKNOWN-CTE] A part's transfer encoding is not known\r\n"
          "b NO [UNKNOWN-CTE] A part's transfer encoding is not known\r\n"
          "* 1 FETCH (BODY[3] {1}\r\n?)\r\nc OK Fetched\r\n");
}

TEST_CASE("imap session: BINARY[] is the message as it is") {
    imap_server server;
    const std::string text = "Subject: x\r\n\r\nbody\r\n";
    server.parts.put(text, 0, {}, "INBOX", "P: q\r\n");
    CHECK(server.in_inbox("a FETCH 1 (BINARY.PEEK[] BINARY.SIZE[])\r\n") ==
          "* 1 FETCH (BINARY[] {26}\r\nP: q\r\n" + text + " BINARY.SIZE[] 26)\r\na OK Fetched\r\n");
}

TEST_CASE("imap session: B11 a large part is decoded in pieces, however much it is") {
    imap_server server;
    std::string plain;
    for (int n = 0; plain.size() < 1'000'000; ++n)
        plain += "octets " + std::to_string(n) + nul;
    std::string encoded;
    for (std::size_t at = 0; at < plain.size(); at += 57)
        encoded += base64::encode(plain.substr(at, 57)) + "\r\n";
    server.parts.put(with_parts(encoded));
    memory_stream peer(
        "L LOGIN ann@a.example pw\r\nS SELECT INBOX\r\n"
        "a FETCH 1 (BINARY.PEEK[2] BINARY.SIZE[2])\r\n"
        "b FETCH 1 BINARY.PEEK[2]<500000.300000>\r\n");
    const auto said = server.talk(peer);
    const auto size = std::to_string(plain.size());
    CHECK(said.find("* 1 FETCH (BINARY[2] ~{" + size + "}\r\n" + plain + " BINARY.SIZE[2] " + size +
                    ")\r\na OK Fetched\r\n") != std::string::npos);
    CHECK(said.ends_with("* 1 FETCH (BINARY[2]<500000> ~{300000}\r\n" +
                         plain.substr(500'000, 300'000) + ")\r\nb OK Fetched\r\n"));
    CHECK(peer.writes() > 8);
}

TEST_CASE("imap session: APPEND takes a literal8, with NUL it is UNKNOWN-CTE (RFC 3516 4.4)") {
    imap_server server;
    CHECK(server.as_ann(
              "a APPEND INBOX ~{9}\r\nX: y\r\n\r\nz\r\nb APPEND INBOX ~{10+}\r\nX: y\r\n\r\nz" +
              nul + "\r\nc NOOP\r\n") ==
          "+ Ready for the message\r\na OK [APPENDUID V 1] Stored\r\n"
          "b NO [UNKNOWN-CTE] The message has NUL octets\r\nc OK Done\r\n");
}
