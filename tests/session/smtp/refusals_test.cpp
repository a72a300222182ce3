// What a session tells of mail that it did not take.
#include "tests/session/smtp/fake_sink.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using namespace hauspost::test;

namespace {

class told_refusals final : public smtp::refusal_watch {
public:
    void note(smtp::refused_mail refused) noexcept override {
        all.push_back(refused.from + " > " + refused.to + ": " + refused.words);
        helo = refused.helo;
    }
    std::vector<std::string> all;
    std::string helo;
};

std::vector<std::string> refused(
    const std::string& input, smtp::delivery_verdict verdict = smtp::delivery_verdict::accepted) {
    fake_sink sink;
    sink.verdict = verdict;
    told_refusals told;
    auto config = test_config();
    config->limits.max_message_octets = 1000;
    memory_stream peer(input);
    spdlog::set_level(spdlog::level::off);
    smtp::server_session session(peer, {"smtp", sink, nullptr, &told}, real_time, config);
    run(session.run());
    if (!told.all.empty()) CHECK(told.helo == "c.example");
    return told.all;
}

using texts = std::vector<std::string>;

}  // namespace

TEST_CASE("smtp refusals: senders, recipients and whole messages are told with the reply") {
    CHECK(refused("EHLO c.example\r\nMAIL FROM:<x@b.example> SIZE=2000\r\nQUIT\r\n") ==
          texts{"x@b.example > : 552 5.3.4 message too big"});
    CHECK(refused("EHLO c.example\r\nMAIL FROM:<x@b.example>\r\nRCPT TO:<ann@a.example>\r\n"
                  "RCPT TO:<nobody@a.example>\r\nRCPT TO:<y@other.example>\r\nQUIT\r\n")
              .size() == 2);
    const auto whole = refused(
        "EHLO c.example\r\nMAIL FROM:<>\r\nRCPT TO:<ann@a.example>\r\nRCPT TO:<bob@a.example>\r\n"
        "DATA\r\n\r\n.\r\nQUIT\r\n",
        smtp::delivery_verdict::loop);
    REQUIRE(whole.size() == 2);
    CHECK(whole[0].starts_with(" > ann@a.example: 5"));
    CHECK(whole[1].starts_with(" > bob@a.example: 5"));
}

TEST_CASE("smtp refusals: of a message for very many the first twenty are told") {
    std::string input = "EHLO c.example\r\nMAIL FROM:<x@b.example>\r\n";
    for (int n = 0; n < 90; ++n)
        input += "RCPT TO:<u" + std::to_string(n) + "@a.example>\r\n";
    CHECK(refused(input + "DATA\r\n\r\n.\r\nQUIT\r\n", smtp::delivery_verdict::disk_full).size() ==
          20);
}

TEST_CASE("smtp refusals: what is no mail, and mail that is taken, is not told") {
    CHECK(refused("EHLO c.example\r\nNONSENSE\r\nDATA\r\nVRFY ann\r\nMAIL FROM:<x@b.example>\r\n"
                  "RCPT TO:<ann@a.example>\r\nDATA\r\n\r\n.\r\nQUIT\r\n")
              .empty());
}
