#include "tests/session/smtp/fake_sink.hpp"

#include <doctest/doctest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <sstream>

using namespace hauspost;
using namespace hauspost::test;

namespace {

/// What a session logs, one line a fact.
std::string log_of(const std::string& input) {
    std::ostringstream out;
    const auto before = spdlog::default_logger();
    auto sink = std::make_shared<spdlog::sinks::ostream_sink_st>(out);
    auto logger = std::make_shared<spdlog::logger>("test", sink);
    logger->set_pattern("%v");
    spdlog::set_default_logger(logger);
    fake_sink mail;
    memory_stream peer(input);
    smtp::server_session session(peer, {"smtp", mail}, real_time, test_config());
    spdlog::set_level(spdlog::level::info);
    run(session.run());
    spdlog::set_default_logger(before);
    return out.str();
}

}  // namespace

TEST_CASE("smtp log: a line at the start, one per refusal and message, one at the end") {
    const auto log =
        log_of(hello + to_ann + "RCPT TO:<nobody@a.example>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n");
    std::istringstream lines(log);
    std::vector<std::string> got;
    for (std::string line; std::getline(lines, line);)
        got.push_back(line);
    REQUIRE(got.size() == 4);
    CHECK(got[0] == "start cid=1 proto=smtp peer=127.0.0.1 port=25 tls=false");
    CHECK(got[1] ==
          "refuse cid=1 proto=smtp verb=RCPT code=550 status=5.1.1 peer=127.0.0.1 "
          "from=\"bob@b.example\" rcpt=\"nobody@a.example\"");
    CHECK(got[2] == "message cid=1 proto=smtp id=ID1 from=\"bob@b.example\" rcpts=1 octets=3");
    CHECK(got[3].find("end cid=1 proto=smtp reason=quit messages=1 in=") == 0);
}

TEST_CASE("smtp log: A14 A15 what a peer types stands there only escaped, message text never") {
    const auto log = log_of("\x1b[31mraw\r\n");
    CHECK(log.find('\x1b') == std::string::npos);
    const auto other =
        log_of(hello +
               "MAIL FROM:<\"a\\\" cid=9 \"@b.example>\r\nRCPT TO:<ann@a.example>\r\n"
               "DATA\r\nsecret text\r\n.\r\nXYZZY secret\r\nQUIT\r\n");
    CHECK(other.find("secret") == std::string::npos);
    CHECK(other.find("a\\\" cid=9") == std::string::npos);
    CHECK(other.find("from=\"") != std::string::npos);
}

TEST_CASE("smtp log: a refusal names sender and recipient, whatever it is for") {
    const auto refusal = [](const std::string& input) {
        const auto log = log_of(hello + input + "QUIT\r\n");
        const auto at = log.find("refuse ");
        return at == std::string::npos ? "none" : log.substr(at, log.find('\n', at) - at);
    };
    const std::string from = "from=\"bob@b.example\"";
    const std::string mail = "MAIL FROM:<bob@b.example>\r\n";
    for (const auto* local : {"off", "full", "later"}) {
        const auto name = std::string(local) + "@a.example";
        const auto line = refusal(mail + "RCPT TO:<" + name + ">\r\n");
        CHECK(line.find(from + " rcpt=\"" + name + "\"") != std::string::npos);
    }
    CHECK(refusal(mail + "RCPT TO:<an n@a.example>\r\n").find("an n@a.example") !=
          std::string::npos);
    CHECK(refusal("MAIL FROM:<bob@b.example> SIZE=99999999999\r\n").find(from) !=
          std::string::npos);
    const auto body = refusal(to_ann + "RCPT TO:<eve@a.example>\r\nDATA\r\na\nb\r\n.\r\n");
    CHECK(body.find("verb=DATA") != std::string::npos);
    CHECK(body.find(from + " rcpts=2 rcpt=\"ann@a.example,eve@a.example\"") != std::string::npos);
}
