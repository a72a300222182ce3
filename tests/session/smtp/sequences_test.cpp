#include "storage/errc.hpp"
#include "tests/session/smtp/fake_sink.hpp"

#include <doctest/doctest.h>

#include <array>
#include <random>
#include <string>

using namespace hauspost;
using namespace hauspost::test;

namespace {

/// What a session must answer, written apart from it: three flags instead of its classes.
class model {
public:
    std::size_t stored = 0;
    std::string said;

    void ehlo() { answer("250"), greeted_ = true, forget(); }
    void rset() { answer("250"), forget(); }
    void noop() { answer("250"); }
    void junk() { answer("500"); }
    void mail(bool is_binary) {
        if (!greeted_ || mail_) return answer("503");
        forget();
        answer("250"), mail_ = true, binary_ = is_binary;
    }
    void bad_mail() { answer("501"); }
    void rcpt(bool is_known) {
        if (!mail_ || chunks_) return answer("503");
        answer(is_known ? "250" : "550");
        if (is_known) rcpt_ = true;
    }
    void data(const char* outcome) {
        if (mail_ && !rcpt_) return answer("554");
        if (!rcpt_ || chunks_ || binary_) return answer("503");
        answer("354"), end(outcome);
    }
    /// True: the octets behind DATA are a message and no commands.
    [[nodiscard]] bool takes_data() const { return rcpt_ && !chunks_ && !binary_; }
    void bdat(bool is_last, const char* outcome) {
        if (mail_ && !rcpt_) return answer("554");
        if (!rcpt_) return answer("503");
        if (is_last) return end(outcome);
        answer("250"), chunks_ = true;
    }
    void starttls() { answer(mail_ ? "503" : "502"); }
    void auth() { answer("502"); }

private:
    void answer(const char* code) {
        if (!said.empty()) said += ' ';
        said += code;
    }
    void end(const char* outcome) {
        answer(outcome);
        if (outcome == std::string("250")) ++stored;
        forget();
    }
    void forget() { mail_ = rcpt_ = chunks_ = binary_ = false; }
    bool greeted_ = false, mail_ = false, rcpt_ = false, chunks_ = false, binary_ = false;
};

/// One step of a conversation: what is sent and what the model makes of it.
constexpr int kinds = 18;
std::string step(int kind, model& expected, const char* outcome) {
    switch (kind) {
    case 0: return expected.ehlo(), "EHLO c\r\n";
    case 1: return expected.ehlo(), "HELO c\r\n";
    case 2: return expected.mail(false), "MAIL FROM:<bob@b.example>\r\n";
    case 3: return expected.mail(true), "MAIL FROM:<> BODY=BINARYMIME\r\n";
    case 4: return expected.bad_mail(), "MAIL FROM:<a\r\n";
    case 5: return expected.rcpt(true), "RCPT TO:<ann@a.example>\r\n";
    case 6: return expected.rcpt(false), "RCPT TO:<nobody@a.example>\r\n";
    case 7: return expected.rcpt(false), "RCPT TO:<x@other.example>\r\n";
    case 8:
    case 9: {
        const bool is_message = expected.takes_data();
        expected.data(outcome);
        return is_message ? "DATA\r\nMAIL FROM:<evil@b.example>\r\n.\r\n" : "DATA\r\n";
    }
    case 10: {
        const bool is_message = expected.takes_data();
        expected.data("550");  // a bare LF
        return is_message ? "DATA\r\na\n.\nRSET\r\n.\r\n" : "DATA\r\n";
    }
    case 11: return expected.bdat(false, outcome), "BDAT 6\r\nRSET\r\n";
    case 12: return expected.bdat(true, outcome), "BDAT 6 LAST\r\nRSET\r\n";
    case 13: return expected.bdat(true, outcome), "BDAT 0 LAST\r\n";
    case 14: return expected.rset(), "RSET\r\n";
    case 15: return expected.noop(), "NOOP\r\n";
    case 16: return expected.starttls(), "STARTTLS\r\n";
    default: return expected.junk(), "XYZZY\r\n";
    }
}

/// Runs a conversation and holds it against the model.
void check(const std::vector<int>& sequence, smtp::delivery_verdict verdict, const char* outcome) {
    auto config = test_config();
    config->limits.hard_bad_commands = smtp::no_limit<std::size_t>;
    config->limits.max_idle_commands = smtp::no_limit<std::size_t>;
    model expected;
    std::string input;
    for (const int kind : sequence)
        input += step(kind, expected, outcome);
    fake_sink sink;
    sink.verdict = verdict;
    memory_stream peer(input);
    run_session(peer, sink, config);
    const auto said = codes(peer.output());
    if (said != "220" + (expected.said.empty() ? "" : " " + expected.said)) {
        CAPTURE(input);
        CHECK(said == "220 " + expected.said);
    }
    bool is_sound = sink.stored.size() == expected.stored && sink.open == 0;
    for (const auto& message : sink.stored) {
        is_sound = is_sound && !message.envelope.recipients.empty();
        for (const auto& recipient : message.envelope.recipients)
            is_sound = is_sound && smtp::to_text(recipient.address) == "ann@a.example";
    }
    if (!is_sound) {
        CAPTURE(input);
        CHECK(is_sound);
    }
}

}  // namespace

TEST_CASE(
    "smtp sequences: A07 every three commands after a greeting are answered as the model says") {
    for (int a = 0; a < kinds; ++a)
        for (int b = 0; b < kinds; ++b)
            for (int c = 0; c < kinds; ++c)
                check({0, a, b, c}, smtp::delivery_verdict::accepted, "250");
}

TEST_CASE("smtp sequences: A07 ten thousand long conversations, also with failing deliveries") {
    std::mt19937 random(20261123);  // always the same, so that a failure can be repeated
    std::uniform_int_distribution<int> kind(0, kinds - 1);
    std::uniform_int_distribution<std::size_t> length(1, 25);
    // Half of the steps lead towards a message, or few would ever come to one.
    const std::array<int, 4> towards{2, 5, 8, 12};
    for (int round = 0; round < 10'000; ++round) {
        std::vector<int> sequence{0};
        for (auto left = length(random); left > 0; --left) {
            const auto any = kind(random);
            sequence.push_back(any % 2 == 0 ? towards[sequence.size() % towards.size()]
                                            : kind(random));
        }
        switch (round % 4) {
        case 0: check(sequence, smtp::delivery_verdict::disk_full, "452"); break;
        case 1: check(sequence, smtp::delivery_verdict::loop, "550"); break;
        default: check(sequence, smtp::delivery_verdict::accepted, "250"); break;
        }
    }
}

TEST_CASE(
    "smtp sequences: each operation of a conversation fails once and nothing is left behind") {
    const std::string conversation = hello + to_ann + "RCPT TO:<nobody@a.example>\r\nDATA\r\n" +
                                     "Subject: x\r\n\r\n..x\r\n.\r\n" + to_ann +
                                     "BDAT 5\r\nabc\r\nBDAT 0 LAST\r\nSTARTTLS\r\n";
    const std::string after = hello + to_ann + "DATA\r\nx\r\n.\r\nQUIT\r\n";
    for (const std::size_t pieces : {SIZE_MAX, std::size_t{7}}) {
        std::size_t complete = 0;
        for (std::size_t n = 1;; ++n) {
            CAPTURE(n);
            fake_sink sink;
            memory_stream peer(conversation);
            peer.allow_tls();
            peer.send_after_tls(after);
            peer.split_every(pieces);
            peer.fail_operation(n);
            run_session(peer, sink);
            CHECK(peer.is_closed());
            CHECK(sink.open == 0);
            CHECK(sink.stored.size() >= complete);  // never fewer when it fails later
            complete = sink.stored.size();
            for (const auto& message : sink.stored)
                CHECK((message.octets == "Subject: x\r\n\r\n.x\r\n" ||
                       message.octets == "abc\r\n" || message.octets == "x\r\n"));
            if (peer.operations() < n) break;
        }
        CHECK(complete == 3);
    }
}

TEST_CASE("smtp sequences: a conversation cut at every octet says the same") {
    const std::string conversation = hello + to_ann + "DATA\r\n..a\r\n.\r\n" + to_ann +
                                     "BDAT 4\r\nab\r\nBDAT 2 LAST\r\n\r\nQUIT\r\n";
    fake_sink whole_sink;
    memory_stream whole(conversation);
    run_session(whole, whole_sink);
    CHECK(codes(whole.output()) == "220 250 250 250 354 250 250 250 250 250 221");
    for (std::size_t cut = 1; cut < conversation.size(); ++cut) {
        fake_sink sink;
        memory_stream peer(conversation);
        peer.cut_at(cut);
        run_session(peer, sink);
        CHECK(peer.output() == whole.output());
        REQUIRE(sink.stored.size() == 2);
        CHECK(sink.stored[0].octets == whole_sink.stored[0].octets);
        CHECK(sink.stored[1].octets == whole_sink.stored[1].octets);
    }
}
