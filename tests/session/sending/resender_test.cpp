// A stored message that goes once more, to another address.
#include "server/outbound/resender.hpp"

#include "protocols/message/header.hpp"
#include "server/outbound/dkim_signer.hpp"
#include "server/outbound/domain_keys.hpp"
#include "server/outbound/forwarded_author.hpp"
#include "tests/session/sending/fixture.hpp"
#include "tests/support/some_keys.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using outbound::resent;

namespace {

const std::string eves_mail =
    "From: Eve <eve@elsewhere.example>\r\nTo: ann@a.example\r\nSubject: s\r\n\r\ntext\r\n.\r\n";

struct resending_server : test::sending_server {
    explicit resending_server(const std::string& octets = eves_mail) {
        parts.put(octets);
        blob = parts.inbox(parts.ann).at(0).blob;
    }
    resent::verdict send(const std::string& to, blob_id which) {
        outbound::resender resender(submission.relay, parts.store().blobs, parts.workers,
                                    parts.time.wall(), "mx.a.example");
        last = parts.wait(resender.send(which, to, "postmaster@a.example"));
        return last.how;
    }
    resent::verdict send(const std::string& to) { return send(to, blob); }

    blob_id blob;
    resent last;
};

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("resender: to somebody here, as it was stored, and who has it keeps it") {
    resending_server at;
    CHECK(at.send("bob@a.example") == resent::verdict::taken);
    CHECK(at.last.id.size() == 13);
    const auto got = at.parts.inbox(at.parts.bob);
    REQUIRE(got.size() == 1);
    CHECK(got[0].octets.ends_with(">\r\n" + eves_mail));
    CHECK(message::find_field(got[0].octets, "Resent-To") == " <bob@a.example>");
    CHECK(message::find_field(got[0].octets, "Resent-From") == " <postmaster@a.example>");
    CHECK_FALSE(message::find_field(got[0].octets, "Resent-Date").empty());
    CHECK(holds(std::string(message::find_field(got[0].octets, "Resent-Message-ID")),
                "@mx.a.example>"));
    CHECK(holds(got[0].prefix, "Return-Path: <postmaster@a.example>"));
    CHECK(at.parts.inbox(at.parts.ann).size() == 1);
}

TEST_CASE("resender: it goes by aliases and catch-alls as any mail") {
    resending_server at;
    at.parts.add_alias("sales@a.example", {"bob@a.example", "carl@c.example"});
    CHECK(at.send("sales@a.example") == resent::verdict::taken);
    CHECK(at.parts.inbox(at.parts.bob).size() == 1);
    const auto waiting = at.parts.queue();
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].recipients.at(0).to == "carl@c.example");
}

TEST_CASE(
    "resender: A30 to elsewhere it waits, counts as sent on, and is not signed as its author's") {
    // A stranger may have written the name of somebody here into From.
    resending_server at("From: bob@a.example\r\nTo: ann@a.example\r\nSubject: s\r\n\r\ntext\r\n");
    outbound::domain_keys keys(at.parts.store().secrets, at.parts.workers, at.parts.time.wall(),
                               test::some_key);
    CHECK_FALSE(at.parts.wait(keys.ensure("a.example")));
    outbound::dkim_signer signer(at.parts.store().directory, keys, at.parts.time.wall());
    delivery::way_out leaving;
    leaving.signer = &signer;
    test::submission_server signing(at.parts, leaving);
    outbound::resender resender(signing.relay, at.parts.store().blobs, at.parts.workers,
                                at.parts.time.wall(), "mx.a.example");
    const auto made =
        at.parts.wait(resender.send(at.blob, "carl@c.example", "postmaster@a.example"));
    CHECK(made.how == resent::verdict::taken);
    const auto waiting = at.parts.queue();
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].reverse_path == "postmaster@a.example");
    CHECK(waiting[0].recipients.at(0).to == "carl@c.example");
    CHECK(waiting[0].recipients.at(0).forwarded_by == "postmaster@a.example");
    CHECK(waiting[0].prefix.empty());
    CHECK_FALSE(waiting[0].sender);
    CHECK_FALSE(waiting[0].smtputf8);
    CHECK_FALSE(waiting[0].is_8bit);
}

TEST_CASE("resender: what the next server has to be able to take is seen in the octets") {
    resending_server at("From: a@b.example\r\nSubject: \xc3\xa4\r\n\r\n\xc3\xa4\r\n");
    CHECK(at.send("carl@c.example") == resent::verdict::taken);
    CHECK(at.parts.queue().at(0).smtputf8);
    CHECK(at.parts.queue().at(0).is_8bit);
    resending_server body("From: a@b.example\r\n\r\n\xc3\xa4\r\n");
    CHECK(body.send("carl@c.example") == resent::verdict::taken);
    CHECK_FALSE(body.parts.queue().at(0).smtputf8);
    CHECK(body.parts.queue().at(0).is_8bit);
}

TEST_CASE("resender: whom it cannot go to, and what is gone, is told, and nothing is stored") {
    resending_server at;
    CHECK(at.send("nobody@a.example") == resent::verdict::nobody);
    CHECK(at.send("bob@a.example", blob_id(12'345)) == resent::verdict::gone);
    at.parts.set_quota(at.parts.bob, 1);
    CHECK(at.send("bob@a.example") == resent::verdict::refused);
    storage::account_change off;
    off.active = false;
    at.parts.change(at.parts.bob, off);
    CHECK(at.send("bob@a.example") == resent::verdict::refused);
    CHECK(at.parts.inbox(at.parts.bob).empty());
    CHECK(at.parts.queue().empty());
}

TEST_CASE("resender: a message of megabytes goes whole") {
    const auto octets = eves_mail + std::string(3'000'000, 'a') + "\r\n";
    resending_server at(octets);
    CHECK(at.send("bob@a.example") == resent::verdict::taken);
    CHECK(at.parts.inbox(at.parts.bob).at(0).octets.ends_with(octets));
}

TEST_CASE("resender: the trace says that an administrator sent it") {
    resending_server at;
    CHECK(at.send("bob@a.example") == resent::verdict::taken);
    storage::trace_query query;
    query.id = *storage::parse_trace_id(at.last.id);
    auto found = at.parts.wait(at.parts.store().trace.find(query));
    REQUIRE(found.has_value());
    REQUIRE(found->messages.size() == 1);
    const auto& steps = found->messages[0].steps;
    CHECK(steps.at(0).door == storage::trace_door::administrator);
    CHECK(steps.at(0).from == "postmaster@a.example");
    CHECK(steps.at(1).step == storage::trace_step::stored);
}
