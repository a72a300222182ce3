#include "base/base64.hpp"
#include "tests/session/smtp/fake_sink.hpp"
#include "tests/support/known_credentials.hpp"
#include "tests/support/log_capture.hpp"
#include "tests/support/manual_clock.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>

using namespace hauspost;
using namespace hauspost::test;
using namespace std::chrono_literals;

namespace {

constexpr account_id ann{7};

/// Ann's account: she may send as ann and info, and there is news of it.
class account_rules final : public storage::change_feed, public smtp::sender_rules {
public:
    std::unique_ptr<subscription> subscribe(account_id account,
                                            asio::any_io_executor,
                                            storage::account_listener& listener) override {
        CHECK(account == ann);
        listener_ = &listener;
        return std::make_unique<handle>(*this);
    }
    std::unique_ptr<subscription> watch(asio::any_io_executor, storage::account_watcher&) override {
        return nullptr;
    }
    awaitable<bool> may_send_as(account_id user, smtp::mailbox_address sender) override {
        ++asked;
        if (sender.local_part == "broken") throw std::runtime_error("broken disk");
        co_return user == ann&& sender.domain == "a.example" &&
            (sender.local_part == "ann" || sender.local_part == "info");
    }
    void change_password() { listener_->on_credentials_changed(); }
    [[nodiscard]] bool is_heard() const { return listener_ != nullptr; }

    std::size_t asked = 0;

private:
    struct handle final : subscription {
        explicit handle(account_rules& of) : of_(of) {}
        ~handle() override { of_.listener_ = nullptr; }
        handle(const handle&) = delete;
        handle& operator=(const handle&) = delete;
        account_rules& of_;
    };
    storage::account_listener* listener_ = nullptr;
};

std::shared_ptr<smtp::session_config> submission_config() {
    auto config = test_config();
    config->wrong_password_delay = 0ms;
    return config;
}

/// ann@a.example has the password "pw".
struct submission {
    submission() { credentials.users["ann@a.example"] = ann; }

    fake_sink sink;
    known_credentials credentials;
    account_rules users;
    manual_clock of_day;
    std::shared_ptr<smtp::session_config> config = submission_config();
    smtp::submission_ports ports{credentials, users, users, of_day.wall()};
    smtp::session_policy policy{"submission", sink, &ports};
    bool is_encrypted = true;
    bool is_loopback = false;

    void prepare(memory_stream& peer) const {
        auto info = peer.peer();
        info.is_loopback = is_loopback;
        peer.set_peer(info);
        peer.set_encrypted(is_encrypted);
        peer.allow_tls();
    }
    /// All that it says behind the greeting.
    std::string talk(memory_stream& peer) {
        prepare(peer);
        smtp::server_session session(peer, policy, real_time, config);
        run(session.run());
        CHECK(peer.is_closed());
        CHECK(sink.open == 0);
        CHECK_FALSE(users.is_heard());
        const std::string greeting = "220 mx.example ESMTP\r\n";
        return peer.output().starts_with(greeting) ? peer.output().substr(greeting.size())
                                                   : peer.output();
    }
    std::string talk(std::string input, std::size_t piece = SIZE_MAX) {
        memory_stream peer(std::move(input));
        peer.split_every(piece);
        spdlog::set_level(spdlog::level::off);
        return talk(peer);
    }
    std::string codes_of(std::string input) { return codes(talk(std::move(input))); }
};

std::string plain(const std::string& user,
                  const std::string& password,
                  const std::string& as = "") {
    return base64::encode(as + '\0' + user + '\0' + password);
}

const std::string login = "AUTH PLAIN " + plain("ann@a.example", "pw") + "\r\n";
const std::string from_ann = "MAIL FROM:<ann@a.example>\r\n";

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE_FIXTURE(submission,
                  "submission: AUTH PLAIN and LOGIN, with and without initial response") {
    const auto ann = base64::encode("ann@a.example") + "\r\n";
    const auto pw = base64::encode("pw") + "\r\n";
    const auto both = plain("ann@a.example", "pw") + "\r\n";
    for (const std::size_t piece : {std::size_t{1}, SIZE_MAX}) {
        const auto said = [&](const std::string& exchange) {
            const auto all = talk(hello + exchange + "QUIT\r\n", piece);
            return all.substr(all.find("RCPTMAX") + 14);
        };
        const std::string in = "235 2.7.0 logged in\r\n221 2.0.0 closing\r\n";
        CHECK(said("AUTH PLAIN " + both) == in);
        CHECK(said("auth plain " + both) == in);
        CHECK(said("AUTH PLAIN\r\n" + both) == "334 \r\n" + in);
        CHECK(said("AUTH LOGIN\r\n" + ann + pw) == "334 VXNlcm5hbWU6\r\n334 UGFzc3dvcmQ6\r\n" + in);
        CHECK(said("AUTH LOGIN " + ann + pw) == "334 UGFzc3dvcmQ6\r\n" + in);
    }
}

TEST_CASE_FIXTURE(submission,
                  "submission: who has not logged in hears 530, and nothing is looked up") {
    CHECK(codes_of(hello + from_ann + "RCPT TO:<bob@b.example>\r\nDATA\r\nBDAT 1\r\nxQUIT\r\n") ==
          "250 530 503 503 503 221");
    CHECK(sink.checked == 0);
    CHECK(users.asked == 0);
    CHECK(has(talk(hello + from_ann), "530 5.7.0 authentication required\r\n"));
}

TEST_CASE_FIXTURE(submission, "submission: a password is not taken where others may read it") {
    is_encrypted = false;
    const auto said = talk(hello + login + from_ann + "QUIT\r\n");
    CHECK_FALSE(has(said, "AUTH"));
    CHECK(has(said, "250-STARTTLS\r\n"));
    CHECK(has(said, "538 5.7.11 use STARTTLS first\r\n530 5.7.0 use STARTTLS first\r\n"));
    is_loopback = true;
    CHECK(has(talk(hello + login), "250-AUTH PLAIN LOGIN\r\n"));
    CHECK(has(talk(hello + login), "235 2.7.0"));
    config->allow_plain_login_on_loopback = false;
    CHECK(has(talk(hello + login), "538 5.7.11"));
}

TEST_CASE_FIXTURE(submission,
                  "submission: STARTTLS comes before the login, which begins afresh after it") {
    is_encrypted = false;
    memory_stream peer(hello + "STARTTLS\r\n");
    peer.send_after_tls(login + hello + login + hello + "STARTTLS\r\nQUIT\r\n");
    const auto said = talk(peer);
    CHECK(codes(said) == "250 220 503 250 235 250 503 221");
    CHECK(has(said, "250-AUTH PLAIN LOGIN\r\n"));
    // Once somebody is in, it is not offered any more.
    CHECK(said.rfind("250-AUTH") < said.find("235 2.7.0"));
}

TEST_CASE_FIXTURE(submission,
                  "submission: A16 what goes wrong in an exchange is told from a wrong password") {
    CHECK(codes_of(hello + "AUTH LOGIN\r\n*\r\nAUTH PLAIN %%\r\nAUTH CRAM-MD5\r\nQUIT\r\n") ==
          "250 334 501 501 504 221");
    const auto said = [&](const std::string& user, const std::string& password) {
        return talk(hello + "AUTH PLAIN " + plain(user, password) + "\r\n");
    };
    CHECK(has(said("ann@a.example", "no"), "535 5.7.8 wrong user name or password: "));
    CHECK(has(said("eve@a.example", "pw"), "535 5.7.8 wrong user name or password: "));
    CHECK(has(said("off@a.example", "pw"), "535 5.7.13 logins are disabled for this account\r\n"));
    CHECK(has(said("busy@a.example", "pw"), "454 4.7.0 too many logins at once"));
    CHECK(has(said("fault@a.example", "pw"), "451 4.3.0 local error, try again later\r\n"));
    const auto other = hello + "AUTH PLAIN " + plain("ann@a.example", "pw", "bob@a.example");
    CHECK(has(talk(other + "\r\n"), "535 5.7.8 acting for another user is not allowed\r\n"));
    const auto endless =
        hello + "AUTH PLAIN\r\n" + std::string(13'000, 'A') + "\r\nNOOP\r\nQUIT\r\n";
    CHECK(codes_of(endless) == "250 334 500 250 221");
    CHECK(has(talk(endless), "500 5.5.6 response too long\r\n"));
}

TEST_CASE_FIXTURE(submission, "submission: AUTH once, after EHLO, and not within a message") {
    CHECK(codes_of(login + hello + login + login + "QUIT\r\n") == "503 250 235 503 221");
    CHECK(codes_of(hello + login + from_ann + login + "QUIT\r\n") == "250 235 250 503 221");
}

TEST_CASE_FIXTURE(submission, "submission: too many wrong passwords end the session") {
    const auto wrong = "AUTH PLAIN " + plain("ann@a.example", "no") + "\r\n";
    std::string input = hello;
    for (int i = 0; i < 6; ++i)
        input += wrong;
    CHECK(codes_of(input) == "250 535 535 535 535 535");
}

TEST_CASE_FIXTURE(submission,
                  "submission: who logs in too slowly is gone, who has logged in is not") {
    manual_clock time;
    for (const bool logs_in : {false, true}) {
        asio::io_context io(1);
        memory_stream peer(hello + (logs_in ? login : std::string("NOOP\r\n")), when_dry::wait);
        prepare(peer);
        peer.use(time);
        smtp::server_session session(peer, policy, time, config);
        asio::co_spawn(io, session.run(), asio::detached);
        run_until(io, [&] { return peer.is_waiting() && peer.unread_input().empty(); });
        time.advance(59s);
        peer.send("NOOP\r\n");
        run_until(io, [&] { return peer.is_waiting() && peer.unread_input().empty(); });
        CHECK_FALSE(peer.is_closed());
        time.advance(1s);
        if (logs_in) peer.send("QUIT\r\n");
        run_until(io, [&] { return peer.is_closed(); });
        CHECK(codes(peer.output()).ends_with(logs_in ? "221" : "421"));
    }
}

TEST_CASE_FIXTURE(
    submission, "submission: A27 the sender is one of the login's, and the reply says which are") {
    const auto said = [&](const std::string& mail) {
        return talk(hello + login + mail + "QUIT\r\n");
    };
    CHECK(codes(said("MAIL FROM:<info@a.example>\r\n")) == "250 235 250 221");
    CHECK(codes(said("MAIL FROM: <ann@a.example>\r\n")) == "250 235 250 221");  // as Outlook has it
    CHECK(codes(said("MAIL FROM:<>\r\n")) == "250 235 250 221");
    CHECK(has(said("MAIL FROM:<eve@b.example>\r\n"),
              "553 5.7.1 <eve@b.example> is not an address of ann@a.example; allowed are the "
              "login's own address, its aliases, and addresses that nobody else has in a domain "
              "whose catch-all it is\r\n"));
    CHECK(codes(said("MAIL FROM:<eve@b.example>\r\nRCPT TO:<ann@a.example>\r\n")) ==
          "250 235 553 503 221");
    CHECK(codes(said("MAIL FROM:<broken@a.example>\r\n")) == "250 235 451 221");
}

TEST_CASE_FIXTURE(submission, "submission: the reply about a sender is one short line of ASCII") {
    const auto said = talk(hello + login + "MAIL FROM:<" + std::string(300, 'x') +
                           "\xc3\xa4@b.example> SMTPUTF8\r\n");
    const auto line = said.substr(said.find("553 "));
    CHECK(line.find("\r\n") + 2 <= 512);
    CHECK(line.find_first_of("\x80\xc3\xa4") == std::string::npos);
}

TEST_CASE_FIXTURE(submission, "submission: a message knows who submitted it and how it came") {
    const auto message = "RCPT TO:<ann@a.example>\r\nDATA\r\nx\r\n.\r\n";
    CHECK(codes_of(hello + login + from_ann + message + "QUIT\r\n") ==
          "250 235 250 250 354 250 221");
    REQUIRE(sink.stored.size() == 1);
    CHECK(sink.stored[0].envelope.submitter.account == account_id(7));
    CHECK(sink.stored[0].envelope.submitter.address == "ann@a.example");
    CHECK(sink.stored[0].envelope.protocol == "ESMTPSA");
    CHECK(codes_of(hello + login + "MAIL FROM:<ann@a.example> SMTPUTF8\r\n" + message)
              .ends_with("250"));
    CHECK(sink.stored[1].envelope.protocol == "UTF8SMTPSA");
}

TEST_CASE_FIXTURE(submission,
                  "submission: what the sink says about a message is said to the client") {
    sink.of_write = smtp::delivery_verdict::foreign_author;
    sink.words = "<eve@b.example> is not an address of ann@a.example";
    const auto said = talk(hello + login + from_ann +
                           "RCPT TO:<ann@a.example>\r\nDATA\r\nx\r\n.\r\nNOOP\r\nQUIT\r\n");
    CHECK(has(said, "550 5.7.1 <eve@b.example> is not an address of ann@a.example\r\n250 "));
    sink.of_write = smtp::delivery_verdict::accepted;
    sink.verdict = smtp::delivery_verdict::bad_header;
    sink.words.clear();
    CHECK(has(talk(hello + login + from_ann + "RCPT TO:<ann@a.example>\r\nDATA\r\nx\r\n.\r\n"),
              "550 5.6.0 invalid message header\r\n"));
}

TEST_CASE_FIXTURE(submission,
                  "submission: A28 E06 an account that changes during the session loses it") {
    const auto after = [&](const std::string& before, const std::string& behind) {
        asio::io_context io(1);
        memory_stream peer(hello + login + before, when_dry::wait);
        prepare(peer);
        smtp::server_session session(peer, policy, real_time, config);
        asio::co_spawn(io, session.run(), asio::detached);
        run_until(io, [&] { return peer.is_waiting() && peer.unread_input().empty(); });
        (void)peer.take_output();
        users.change_password();
        peer.send(behind);
        run_until(io, [&] { return peer.is_closed(); });
        return peer.take_output();
    };
    const std::string changed = "421 4.7.0 account has changed, log in again\r\n";
    CHECK(after("", "") == changed);
    CHECK(after(from_ann + "RCPT TO:<ann@a.example>\r\n", "DATA\r\n") == changed);
    // The message that comes in is read to its end, but not taken.
    CHECK(after(from_ann + "RCPT TO:<ann@a.example>\r\nDATA\r\nx", "\r\n.\r\n") == changed);
    CHECK(sink.stored.empty());
    CHECK(sink.open == 0);
}

TEST_CASE_FIXTURE(submission, "submission: BINARYMIME is not offered, AUTH= of MAIL is taken") {
    CHECK_FALSE(has(talk(hello), "BINARYMIME"));
    const auto said = [&](const std::string& params) {
        return codes_of(hello + login + "MAIL FROM:<ann@a.example> " + params + "\r\nQUIT\r\n");
    };
    CHECK(said("BODY=BINARYMIME") == "250 235 555 221");
    CHECK(said("BODY=8BITMIME") == "250 235 250 221");
    CHECK(said("AUTH=<>") == "250 235 250 221");
    CHECK(said("AUTH=ann+40a.example") == "250 235 250 221");
    CHECK(said("AUTH=a+4") == "250 235 501 221");
    CHECK(said("NOTIFY=NEVER") == "250 235 555 221");
}

TEST_CASE("submission: on port 25 there is no AUTH, and none of its parameter") {
    fake_sink mail;
    CHECK(codes(talk(hello + "AUTH PLAIN\r\nMAIL FROM:<ann@a.example> AUTH=<>\r\nQUIT\r\n",
                     mail)) == "250 502 555 221");
}

TEST_CASE_FIXTURE(submission,
                  "submission: the log says who it was, at each line behind the login") {
    std::string log;
    {
        const log_capture capture(log);
        memory_stream peer(hello + login + "MAIL FROM:<eve@b.example>\r\n" + from_ann +
                           "RCPT TO:<ann@a.example>\r\nDATA\r\nsecret\r\n.\r\nQUIT\r\n");
        talk(peer);
    }
    CHECK(has(log, "login cid=1 proto=submission user=\"ann@a.example\" tls=true\n"));
    CHECK(has(log,
              "refuse cid=1 proto=submission verb=MAIL code=553 status=5.7.1 peer=127.0.0.1 "
              "user=\"ann@a.example\" from=\"eve@b.example\"\n"));
    CHECK(has(log, "message cid=1 proto=submission id=ID1 user=\"ann@a.example\" from="));
    CHECK(has(log, "end cid=1 proto=submission reason=quit messages=1 user=\"ann@a.example\" in="));
    CHECK_FALSE(has(log, "pw"));
    CHECK_FALSE(has(log, plain("ann@a.example", "pw")));
    CHECK_FALSE(has(log, "secret"));
}

TEST_CASE("submission: a connection that fails at any moment ends in order and leaves nothing") {
    for (std::size_t n = 1; n < 40; ++n) {
        submission with;
        memory_stream peer(hello + "AUTH LOGIN\r\n" + base64::encode("ann@a.example") + "\r\n" +
                           base64::encode("pw") + "\r\n" + from_ann +
                           "RCPT TO:<ann@a.example>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n");
        peer.split_every(20);
        peer.fail_operation(n);
        spdlog::set_level(spdlog::level::off);
        with.talk(peer);
    }
}
