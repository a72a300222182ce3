// One domain in its two spellings, through whole sessions over the real directory and passwords.
#include "server/auth/authenticator.hpp"
#include "server/auth/password_hash.hpp"
#include "tests/support/test_pop3.hpp"
#include "tests/support/test_smtp.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>

using namespace hauspost;

namespace {

const std::string a_label = "xn--mller-kva.example";
const std::string u_label = "m\xc3\xbcller.example";
const std::string decomposed = "mu\xcc\x88ller.example";
const std::string upper = "M\xc3\x9cLLER.Example";

constexpr auth::argon2_parameters cheap{8, 1, 1};

auth::authenticator_settings cheap_settings() {
    auth::authenticator_settings settings;
    settings.argon2 = cheap;
    return settings;
}

/// The domain with the account ann, whose password is "pw", and the alias info.
struct spelled_domain {
    spelled_domain() {
        const auto name = "ann@" + a_label;
        ann_there = parts.add_account(name);
        parts.set_password_hash(ann_there, auth::hash_password("pw", cheap));
        parts.add_alias("info@" + a_label, {name});
    }
    ~spelled_domain() { passwords.stop(); }

    std::string by_smtp(const std::string& input) { return smtp.talk(input); }
    std::string by_imap(const std::string& input) {
        test::memory_stream peer(input);
        auto settings = std::make_shared<const imap::session_config>(mail.imap.config);
        const auto with = mail.imap.ports();
        imap::session session(
            peer,
            {with.mail, with.blobs, with.changes, with.sharing, with.annotations, passwords,
             with.summaries, with.workers, with.time, with.monotonic, nullptr},
            std::move(settings));
        test::run(parts.io, session.run());
        return peer.output();
    }
    std::string by_pop3(const std::string& input) {
        test::memory_stream peer(input);
        auto settings = std::make_shared<const pop3::session_config>(mail.config);
        const auto with = mail.ports();
        pop3::session session(
            peer,
            {with.mail, with.blobs, with.changes, passwords, with.workers, with.locks, with.time},
            std::move(settings));
        test::run(parts.io, session.run());
        return peer.output();
    }

    account_id ann_there;
    test::pop3_server mail;
    test::server_parts& parts = mail.parts;
    test::smtp_server smtp{parts};
    auth::authenticator passwords{parts.store().directory, cheap_settings()};
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("spellings: mail to either spelling of a domain arrives at the same account") {
    spelled_domain at;
    unsigned messages = 0;
    for (const auto& domain :
         {a_label, u_label, decomposed, upper, std::string("XN--Mller-KVA.example")})
        for (const auto* local : {"Ann", "info", "ann+news", "postmaster"}) {
            const auto said = at.by_smtp(
                "EHLO c.example\r\nMAIL FROM:<bob@b.example> SMTPUTF8\r\nRCPT TO:<" +
                (local + ('@' + domain)) + ">\r\nDATA\r\nSubject: x\r\n\r\nx\r\n.\r\nQUIT\r\n");
            CHECK_MESSAGE(has(said, "stored as"), domain, said);
            ++messages;
        }
    CHECK(at.parts.wait(at.parts.store().directory.usages({at.ann_there})).front().messages ==
          messages);
    CHECK(has(at.by_smtp("EHLO c.example\r\nMAIL FROM:<bob@b.example> SMTPUTF8\r\n"
                         "RCPT TO:<ann@m\xc3\xa4ller.example>\r\nQUIT\r\n"),
              "\r\n550 "));
}

TEST_CASE("spellings: one logs in by either spelling, by IMAP and by POP3") {
    spelled_domain at;
    for (const auto& domain : {a_label, u_label, decomposed, upper}) {
        const auto user = "Ann@" + domain;
        const auto login = "a LOGIN {" + std::to_string(user.size()) + "+}\r\n" + user + " pw\r\n";
        CHECK_MESSAGE(has(at.by_imap(login), "\r\na OK "), domain);
        CHECK_MESSAGE(has(at.by_imap(login + "b SELECT INBOX\r\n"), "\r\nb OK "), domain);
        CHECK_MESSAGE(has(at.by_pop3("USER " + user + "\r\nPASS pw\r\nSTAT\r\n"), "\r\n+OK 0 0"),
                      domain);
        CHECK_MESSAGE(!has(at.by_pop3("USER " + user + "\r\nPASS no\r\nSTAT\r\n"), "\r\n+OK 0 0"),
                      domain);
    }
    CHECK(!has(at.by_imap("a LOGIN ann@mller.example pw\r\n"), "\r\na OK "));
}
