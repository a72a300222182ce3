// What leaves is signed, and by whom.
#include "server/outbound/dkim_signer.hpp"
#include "tests/support/some_keys.hpp"
#include "tests/support/test_smtp.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>

using namespace hauspost;

namespace {

/// Of ann@a.example and bob@a.example, whose domain has keys.
struct signed_submissions {
    signed_submissions() { parts.wait(keys.ensure("a.example")); }

    void submit(const std::string& recipients, const std::string& message) {
        const auto said = submission.submit("MAIL FROM:<ann@a.example>\r\n" + recipients +
                                            "DATA\r\n" + message + "\r\n.\r\n");
        CHECK(said.find("250 2.6.0 stored as ") != std::string::npos);
    }
    /// A message of the server itself.
    void write_own(const std::string& from) {
        auto envelope = std::make_shared<smtp::envelope>();
        smtp::envelope_recipient to;
        to.address.local_part = "eve";
        to.address.domain = "b.example";
        envelope->recipients.push_back(to);
        const auto work = [](smtp::mail_sink& in, std::shared_ptr<const smtp::envelope> about,
                             std::string octets) -> awaitable<void> {
            const auto message = co_await in.begin(std::move(about));
            (void)co_await message->write(octets);
            CHECK(co_await message->commit() == smtp::delivery_verdict::accepted);
        };
        test::run(parts.io, work(submission.relay, std::move(envelope),
                                 "From: " + from + "\r\nSubject: x\r\n\r\nbody\r\n"));
    }
    /// Of the message that waits; how many signatures are in front of it.
    std::string prefix() {
        const auto waiting = parts.queue();
        REQUIRE(waiting.size() == 1);
        return waiting[0].prefix;
    }

    test::server_parts parts;
    outbound::domain_keys keys{parts.store().secrets, parts.workers, parts.time.wall(),
                               test::some_key};
    outbound::dkim_signer signer{parts.store().directory, keys, parts.time.wall()};
    test::submission_server submission{parts, {&signer}};
};

std::size_t signatures_in(std::string_view text) {
    std::size_t count = 0;
    for (auto at = text.find("DKIM-Signature: "); at != std::string_view::npos;
         at = text.find("DKIM-Signature: ", at + 1))
        ++count;
    return count;
}

}  // namespace

TEST_CASE_FIXTURE(signed_submissions,
                  "signed mail: what a login sends elsewhere is signed, once for all") {
    submit("RCPT TO:<eve@b.example>\r\nRCPT TO:<bob@a.example>\r\nRCPT TO:<zoe@c.example>\r\n",
           "From: ann@a.example\r\n\r\nbody");
    const auto front = prefix();
    CHECK(front.starts_with("DKIM-Signature: v=1; a=rsa-sha256;"));
    CHECK(signatures_in(front) == 2);
    CHECK(front.ends_with("\r\n"));
    const auto here = parts.inbox(parts.bob);
    REQUIRE(here.size() == 1);
    CHECK(signatures_in(here[0].prefix + here[0].octets) == 0);
    CHECK(parts.queue()[0].octets == front.size() + here[0].octets.size());
}

TEST_CASE_FIXTURE(signed_submissions,
                  "signed mail: an alias's own line stands before the signatures") {
    parts.add_alias("list@a.example", {"out@d.example"});
    submit("RCPT TO:<list@a.example>\r\n", "From: ann@a.example\r\n\r\nbody");
    CHECK(prefix().starts_with("Delivered-To: list@a.example\r\nDKIM-Signature: "));
    CHECK(signatures_in(prefix()) == 2);
}

TEST_CASE_FIXTURE(signed_submissions, "signed mail: a large message is signed as a small one is") {
    std::string body;
    while (body.size() < 300'000)
        body += "0123456789 0123456789 0123456789\r\n";
    submit("RCPT TO:<eve@b.example>\r\n", "From: ann@a.example\r\n\r\n" + body);
    CHECK(signatures_in(prefix()) == 2);
}

TEST_CASE_FIXTURE(signed_submissions,
                  "signed mail: a report is signed by the domain of the host's name") {
    write_own("postmaster@mail.a.example");
    CHECK(prefix().find(" d=a.example;") != std::string::npos);
    CHECK(signatures_in(prefix()) == 2);
}

TEST_CASE_FIXTURE(signed_submissions, "signed mail: a report of a host elsewhere is not signed") {
    write_own("postmaster@mail.b.example");
    CHECK(prefix().empty());
}

TEST_CASE_FIXTURE(signed_submissions,
                  "A30 signed mail: what a stranger writes in our name is never signed") {
    parts.add_alias("list@a.example", {"out@d.example"});
    test::smtp_server inbound(parts);
    inbound.talk(
        "EHLO c\r\nMAIL FROM:<ann@a.example>\r\nRCPT TO:<list@a.example>\r\nDATA\r\n"
        "From: ann@a.example\r\n\r\nbody\r\n.\r\nQUIT\r\n");
    CHECK(prefix() == "Delivered-To: list@a.example\r\n");
}

TEST_CASE_FIXTURE(signed_submissions, "signed mail: without a free worker it has to come again") {
    parts.workers.stop();
    const auto said = submission.submit(
        "MAIL FROM:<ann@a.example>\r\nRCPT TO:<eve@b.example>\r\n"
        "DATA\r\nFrom: ann@a.example\r\n\r\nbody\r\n.\r\n");
    CHECK(said.find("451 4.3.2 ") != std::string::npos);
    CHECK(parts.queue().empty());
}
