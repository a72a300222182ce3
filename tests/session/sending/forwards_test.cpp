// Mail that is sent on: from whom it leaves, as what, and when that ends.
#include "protocols/arc/verify.hpp"
#include "protocols/dkim/sign.hpp"
#include "protocols/dkim/verify.hpp"
#include "protocols/message/author.hpp"
#include "protocols/message/header.hpp"
#include "server/outbound/arc_sealer.hpp"
#include "server/outbound/dkim_signer.hpp"
#include "server/outbound/domain_keys.hpp"
#include "server/outbound/forward_watch.hpp"
#include "server/outbound/forwarded_author.hpp"
#include "tests/session/sending/fixture.hpp"
#include "tests/support/some_keys.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <map>

using namespace hauspost;
using namespace std::chrono_literals;

namespace {

const std::string strict = "_dmarc.strict.example";

std::string plain_mail(const std::string& from = "Eve <eve@strict.example>") {
    return "From: " + from + "\r\nTo: list@a.example\r\nSubject: s\r\n\r\ntext\r\n.\r\n";
}

/// RFC 5321 4.5.2
std::string without_stuffing(std::string octets) {
    for (auto at = octets.find("\r\n.."); at != std::string::npos;
         at = octets.find("\r\n..", at + 2))
        octets.erase(at + 2, 1);
    return octets;
}

/// list@a.example leads to bob@b.example, where the next server stands.
struct forwarding_server : test::sending_server {
    forwarding_server() {
        parts.add_alias("list@a.example", {"bob@b.example"});
        CHECK_FALSE(parts.wait(keys.ensure("a.example")));
        dns.add_txt(strict, "v=DMARC1; p=reject");
    }

    /// Mail from outside.
    void arrive(const std::string& octets, const std::string& to = "list") {
        smtp::envelope envelope;
        envelope.reverse_path.local_part = "eve";
        envelope.reverse_path.domain = "strict.example";
        envelope.peer_address = "198.51.100.1";
        envelope.protocol = "ESMTP";
        smtp::envelope_recipient recipient;
        recipient.address.local_part = to;
        recipient.address.domain = "a.example";
        recipient.notify = "NEVER";
        envelope.recipients.push_back(recipient);
        auto shared = std::make_shared<const smtp::envelope>(std::move(envelope));
        const auto work = [](smtp::mail_sink& in, std::shared_ptr<const smtp::envelope> of,
                             std::string text, smtp::delivery_verdict& out) -> awaitable<void> {
            auto message = co_await in.begin(std::move(of));
            out = co_await message->write(text);
            if (out == smtp::delivery_verdict::accepted) out = co_await message->commit();
        };
        smtp::delivery_verdict taken{};
        test::run(parts.io, work(submission.relay, std::move(shared), octets, taken));
        last = taken;
    }

    /// What the next server got of it; "": nothing, and why_not says why.
    std::string leave() {
        authors.emplace(parts.store().blobs, dns, signer, parts.workers, parts.time.wall());
        auto& next = servers.at("192.0.2.1");
        const auto before = next.messages.size();
        storage::claim_request wanted;
        wanted.now = now();
        wanted.lease_until = wanted.now + 60;
        wanted.most_domains = wanted.most_recipients = 100;
        auto claims = parts.wait(parts.store().queue.claim(std::move(wanted)));
        REQUIRE(claims->claims.size() == 1);
        auto ports = delivery();
        ports.authors = &*authors;
        outbound::arc_sealer sealer(parts.store().blobs, dns, signer, parts.workers,
                                    parts.time.wall(), "mx.a.example");
        if (seals) ports.sealer = &sealer;
        outbound::domain_delivery once(ports, settings, claims->claims[0]);
        const auto results = parts.wait(once.run());
        why_not = results.at(0).reply;
        verdict = results.at(0).verdict;
        CHECK(once.was_reached());
        storage::queue_settlement done;
        done.lease = claims->claims[0].lease;
        done.domain = "b.example";
        storage::queue_outcome outcome;
        outcome.id = claims->claims[0].items[0].id;
        outcome.number = claims->claims[0].items[0].recipients[0].number;
        outcome.what = verdict == outbound::attempt_verdict::delivered
                           ? storage::queue_outcome::end::done
                           : storage::queue_outcome::end::again;
        outcome.due_at = now();
        done.outcomes.push_back(outcome);
        CHECK_FALSE(parts.wait(parts.store().queue.settle(std::move(done))));
        return next.messages.size() == before ? "" : without_stuffing(next.messages.back());
    }
    std::string forwarded(const std::string& octets) {
        arrive(octets);
        return leave();
    }

    /// With a signature of that domain, and its key in the DNS.
    std::string signed_by(const std::string& domain, const std::string& octets) {
        const auto key = test::some_key(dkim::key_type::ed25519);
        dkim::message_digest digest;
        digest.feed(octets);
        digest.finish();
        dkim::signer who;
        who.domain = domain;
        who.selector = "s";
        who.key = &key;
        dkim::signing_terms terms;
        terms.signed_at = now();
        dns.add_txt("s._domainkey." + domain, key.record_text());
        return *dkim::sign(digest, std::vector{who}, terms) + octets;
    }

    /// What the next server makes of the sets of ARC.
    arc::validation chain(const std::string& octets) {
        arc::verifier verifier;
        verifier.feed(octets);
        verifier.finish();
        std::map<std::string, std::string> records;
        for (const auto& one : parts.wait(keys.find("a.example")))
            records[one.selector + "._domainkey.a.example"] = one.key->record_text();
        arc::key_answers answers;
        for (const auto& name : verifier.key_questions()) {
            answers[name].is = dkim::key_answer::kind::found;
            answers[name].texts = {records[name]};
        }
        instances = verifier.sets().size();
        return verifier.check(answers);
    }

    /// The domains whose signatures fit, as the next server finds them.
    std::vector<std::string> proven(const std::string& octets) {
        dkim::verifier verifier(now());
        verifier.feed(octets);
        verifier.finish();
        std::map<std::string, std::string> records;
        for (const auto& one : parts.wait(keys.find("a.example")))
            records[one.selector + "._domainkey.a.example"] = one.key->record_text();
        records["s._domainkey.strict.example"] = records["s._domainkey.mail.strict.example"] =
            test::some_key(dkim::key_type::ed25519).record_text();
        std::vector<std::string> found;
        for (std::size_t n = 0; n < verifier.signatures().size(); ++n) {
            dkim::key_answer answer;
            answer.is = dkim::key_answer::kind::found;
            answer.texts = {records[verifier.signatures()[n].key_question()]};
            if (verifier.check(n, answer).is == dkim::verdict::pass)
                found.push_back(verifier.signatures()[n].signature->domain);
        }
        return found;
    }

    outbound::domain_keys keys{parts.store().secrets, parts.workers, parts.time.wall(),
                               test::some_key};
    outbound::dkim_signer signer{parts.store().directory, keys, parts.time.wall()};
    std::optional<outbound::forwarded_author> authors;
    bool seals = false;
    std::size_t instances = 0;  // of the last chain()
    smtp::delivery_verdict last{};
    outbound::attempt_verdict verdict{};
    std::string why_not;
};

std::string from_of(const std::string& octets) {
    return message::decoded_field(octets, "From");
}

}  // namespace

TEST_CASE("forwarded author: unsigned mail of a strict domain leaves in our name, signed by us") {
    forwarding_server at;
    const auto made = at.forwarded(plain_mail());
    CHECK(from_of(made) == "\"Eve via a.example\" <list@a.example>");
    CHECK(message::decoded_field(made, "Reply-To") == "Eve <eve@strict.example>");
    CHECK(message::decoded_field(made, "X-Original-From") == "Eve <eve@strict.example>");
    CHECK(message::author_domain(made) == "a.example");
    CHECK(made.ends_with("Subject: s\r\n\r\ntext\r\n.\r\n"));
    CHECK(made.starts_with("Delivered-To: list@a.example\r\nDKIM-Signature:"));
    CHECK(at.proven(made) == std::vector<std::string>{"a.example", "a.example"});
}

TEST_CASE("forwarded author: a signature of the author's that fits lets it leave unchanged") {
    forwarding_server at;
    for (const std::string domain : {"strict.example", "mail.strict.example"}) {
        const auto sent = at.signed_by(domain, plain_mail());
        const auto made = at.forwarded(sent);
        CHECK(made.ends_with("\r\n" + sent));
        CHECK(at.proven(made) == std::vector<std::string>{domain});
    }
}

TEST_CASE("arc sealer: what is sent on says what its signatures were worth, under our seal") {
    forwarding_server at;
    at.seals = true;
    SUBCASE("unchanged, behind the set") {
        const auto sent = at.signed_by("strict.example", plain_mail());
        const auto made = at.forwarded(sent);
        CHECK(made.starts_with("ARC-Seal: i=1; a=rsa-sha256;"));
        CHECK(message::unfolded(message::find_field(made, "ARC-Authentication-Results")) ==
              "i=1; mx.a.example; dkim=pass header.d=strict.example header.s=s; arc=none");
        CHECK(made.ends_with("\r\n" + sent));
        CHECK(at.proven(made) == std::vector<std::string>{"strict.example"});
        CHECK(at.chain(made) == arc::validation::pass);
    }
    SUBCASE("over what leaves in our name") {
        const auto made = at.forwarded(plain_mail());
        CHECK(from_of(made) == "\"Eve via a.example\" <list@a.example>");
        CHECK(message::unfolded(message::find_field(made, "ARC-Authentication-Results")) ==
              "i=1; mx.a.example; dkim=none; arc=none");
        CHECK(at.chain(made) == arc::validation::pass);
        CHECK(at.proven(made).size() == 2);
    }
    SUBCASE(
        "as one more of a chain that passes; not behind one that does not, or cannot be known") {
        auto once = at.forwarded(at.signed_by("strict.example", plain_mail()));
        const std::string ours = "Delivered-To: list@a.example\r\n";  // would end it as a loop
        once.erase(once.find(ours), ours.size());
        CHECK(at.forwarded(once).starts_with("Delivered-To:"));  // nobody has our keys
        for (const auto& one : at.parts.wait(at.keys.find("a.example")))
            at.dns.add_txt(one.selector + "._domainkey.a.example", one.key->record_text());
        const auto twice = at.forwarded(once);
        CHECK(twice.starts_with("ARC-Seal: i=2;"));
        CHECK(at.chain(twice) == arc::validation::pass);
        CHECK(at.instances == 2);
        auto changed = once;
        changed.replace(changed.find("Subject: s"), 10, "Subject: t");
        CHECK(at.forwarded(changed).find("i=2") == std::string::npos);
        for (const auto& one : at.parts.wait(at.keys.find("a.example")))
            at.dns.fail(one.selector + "._domainkey.a.example", dns::record_type::txt);
        CHECK(at.forwarded(once).find("i=2") == std::string::npos);
    }
    SUBCASE("not what somebody of ours writes himself") {
        at.put({"bob@b.example"});
        CHECK(at.leave().find("ARC-") == std::string::npos);
    }
    SUBCASE("a message of megabytes leaves whole") {
        auto sent = plain_mail();
        while (sent.size() < 3'000'000)
            sent += "a line of a message that is very long\r\n";
        const auto made = at.forwarded(at.signed_by("strict.example", sent));
        CHECK(made.size() > 3'000'000);
        CHECK(at.chain(made) == arc::validation::pass);
    }
}

TEST_CASE("forwarded author: signatures that do not fit, or of others, prove nothing") {
    forwarding_server at;
    auto changed = at.signed_by("strict.example", plain_mail());
    changed.replace(changed.find("text\r\n"), 4, "next");
    CHECK(message::author_domain(at.forwarded(changed)) == "a.example");
    CHECK(message::author_domain(at.forwarded(at.signed_by("eve.example", plain_mail()))) ==
          "a.example");
    forwarding_server other;
    other.dns = {};
    other.dns.add_mx("b.example", 10, "mx1.b.example");
    other.dns.add_address("mx1.b.example", "192.0.2.1");
    other.dns.add_txt(strict, "v=DMARC1; p=quarantine; adkim=s");
    const auto below = other.signed_by("mail.strict.example", plain_mail());
    CHECK(message::author_domain(other.forwarded(below)) == "a.example");
}

TEST_CASE("forwarded author: where nothing strict is said it leaves unchanged") {
    forwarding_server at;
    at.dns.add_txt("_dmarc.mild.example", "v=DMARC1; p=none");
    for (const std::string from :
         {"ann@mild.example", "ann@silent.example", "nobody", "a@mild.example, b@strict.example"}) {
        const auto sent = plain_mail(from);
        CHECK(at.forwarded(sent).ends_with("\r\n" + sent));
    }
    const auto two = "From: x@mild.example\r\n" + plain_mail();
    CHECK(at.forwarded(two).ends_with("\r\n" + two));
}

TEST_CASE("forwarded author: a policy above the author's domain counts") {
    forwarding_server at;
    const auto made = at.forwarded(plain_mail("eve@deep.strict.example"));
    CHECK(message::author_domain(made) == "a.example");
}

TEST_CASE("forwarded author: F04 a DNS that does not answer means later, then as it is") {
    forwarding_server at;
    at.dns.fail("_dmarc.away.example", dns::record_type::txt);
    const auto sent = plain_mail("eve@away.example");
    CHECK(at.forwarded(sent) == "");
    CHECK(at.verdict == outbound::attempt_verdict::again);
    CHECK(at.why_not.find("DMARC policy of away.example") != std::string::npos);
    at.parts.time.move_wall(59min);
    CHECK(at.leave() == "");
    at.parts.time.move_wall(1min);
    CHECK(at.leave().ends_with("\r\n" + sent));
}

TEST_CASE("forwarded author: F04 a key that cannot be had means later, then in our name") {
    forwarding_server at;
    const auto sent = at.signed_by("strict.example", plain_mail());
    at.dns.fail("s._domainkey.strict.example", dns::record_type::txt, dns::outcome::bogus);
    CHECK(at.forwarded(sent) == "");
    CHECK(at.verdict == outbound::attempt_verdict::again);
    at.parts.time.move_wall(60min);
    CHECK(message::author_domain(at.leave()) == "a.example");
}

TEST_CASE("forwarded author: a catch-all speaks as postmaster, and a copy here stays as it came") {
    forwarding_server at;
    const auto row = at.parts.wait(at.parts.store().directory.find_domain("a.example")).value();
    CHECK_FALSE(at.parts.wait(at.parts.store().directory.set_catch_all(row, "all@b.example")));
    at.arrive(plain_mail(), "nobody");
    CHECK(from_of(at.leave()) == "\"Eve via a.example\" <postmaster@a.example>");
    storage::account_change change;
    change.forwards = {"bob@b.example"};
    at.parts.change(at.parts.ann, change);
    at.arrive(plain_mail(), "ann");
    CHECK(from_of(at.leave()) == "\"Eve via a.example\" <ann@a.example>");
    const auto mail = at.parts.inbox(at.parts.ann);
    REQUIRE(mail.size() == 1);
    CHECK(mail[0].octets.ends_with("\r\n" + plain_mail()));
}

TEST_CASE("forwarded author: a message of megabytes leaves whole") {
    forwarding_server at;
    auto sent = plain_mail();
    for (int i = 0; i < 40'000; ++i)
        sent += "a longer line than usual, again and again\r\n";
    const auto made = at.forwarded(sent);
    CHECK(made.ends_with(sent.substr(sent.find("\r\n\r\n"))));
    CHECK(at.proven(made).size() == 2);
}

namespace {

/// The same with what watches forwards.
struct watched_server : forwarding_server {
    void refuse(const std::string& by, const std::string& reply, int times = 1) {
        for (int n = 0; n < times; ++n) {
            storage::queue_recipient row;
            row.to = "bob@b.example";
            row.forwarded_by = by;
            outbound::attempt_result result;
            result.verdict = outbound::attempt_verdict::failed;
            result.reply = reply;
            test::run(parts.io, watch.note(row, result));
            parts.time.move_wall(1h);
        }
    }
    void deliver(const std::string& by) {
        storage::queue_recipient row;
        row.to = "bob@b.example";
        row.forwarded_by = by;
        outbound::attempt_result result;
        result.verdict = outbound::attempt_verdict::delivered;
        test::run(parts.io, watch.note(row, result));
    }
    bool is_suspended(const std::string& by) {
        const auto all = parts.wait(parts.store().forwards.list(by));
        return !all.empty() && all[0].is_suspended();
    }
    std::size_t letters() { return parts.inbox(parts.ann).size(); }

    outbound::owner_letters letters_{submission.relay, parts.time.wall(), settings};
    outbound::forward_watch watch{parts.store().forwards, letters_, parts.time.wall(), settings};
};

}  // namespace

TEST_CASE("forward watch: the third refusal suspends, the owner is told once, mail goes no more") {
    watched_server at;
    at.refuse("list@a.example", "550 5.1.1 no such user", 2);
    CHECK_FALSE(at.is_suspended("list@a.example"));
    CHECK(at.letters() == 0);
    at.refuse("list@a.example", "550 5.1.1 no such user: bob");
    CHECK(at.is_suspended("list@a.example"));
    at.refuse("list@a.example", "550 5.1.1 no such user", 5);
    REQUIRE(at.letters() == 1);
    const auto letter = at.parts.inbox(at.parts.ann)[0].octets;
    CHECK(letter.find("Subject: Forward suspended: bob@b.example\r\n") != std::string::npos);
    CHECK(letter.find("550 5.1.1 no such user: bob\r\n") != std::string::npos);
    CHECK(letter.find("hauspost forward resume list@a.example bob@b.example") != std::string::npos);
    const auto before = at.parts.queue().size();
    at.arrive(plain_mail());
    CHECK(at.last != smtp::delivery_verdict::accepted);
    CHECK(at.parts.queue().size() == before);
}

TEST_CASE(
    "forward watch: what is delivered between, or fails for another reason, suspends nothing") {
    watched_server at;
    at.refuse("list@a.example", "550 5.1.1 no such user", 2);
    at.deliver("list@a.example");
    at.refuse("list@a.example", "550 5.1.1 no such user", 2);
    at.refuse("list@a.example", "552 5.2.2 mailbox full", 5);
    at.refuse("list@a.example", "550 5.7.1 blocked by spamhaus", 5);
    at.refuse("list@a.example", "no connection: refused", 5);
    CHECK_FALSE(at.is_suspended("list@a.example"));
    CHECK(at.letters() == 0);
    at.refuse("", "550 5.1.1 no such user", 5);
    CHECK(at.parts.wait(at.parts.store().forwards.list("")).size() == 1);
}

TEST_CASE("forward watch: mail to an account stays there when its forward ends, and is not lost") {
    watched_server at;
    storage::account_change change;
    change.forwards = {"bob@b.example"};
    change.keep_copy = false;
    at.parts.change(at.parts.ann, change);
    at.refuse("ann@a.example", "550 5.1.1 no such user", 2);
    // Mail that is sent on meanwhile keeps no copy.
    at.arrive(plain_mail(), "ann");
    CHECK(at.parts.inbox(at.parts.ann).empty());
    at.refuse("ann@a.example", "550 5.1.1 no such user");
    CHECK(at.is_suspended("ann@a.example"));
    CHECK(at.parts.inbox(at.parts.ann).size() == 1);  // the letter
    at.arrive(plain_mail(), "ann");
    CHECK(at.last == smtp::delivery_verdict::accepted);
    CHECK(at.parts.inbox(at.parts.ann).size() == 2);
}

TEST_CASE("forward watch: which words say that nobody is there") {
    for (const std::string reply :
         {"550 5.1.1 no such user",
          "550 5.1.1 <x@y.test>: Recipient address rejected: User unknown",
          "5.1.2 the domain does not exist", "550 5.2.1 mailbox disabled",
          "550 5.1.10 RESOLVER.ADR.RecipientNotFound"})
        CHECK_MESSAGE(outbound::says_nobody_is_there(reply), reply);
    for (const std::string reply :
         {"450 4.1.1 no such user", "554 5.7.1 spam", "552 5.2.2 quota", "421 later", "",
          "no connection: timed out", "550 5.7.26 DMARC", "5"})
        CHECK_MESSAGE(!outbound::says_nobody_is_there(reply), reply);
}
