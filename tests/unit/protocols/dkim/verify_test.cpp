#include "protocols/dkim/verify.hpp"

#include "base/base64.hpp"
#include "protocols/dkim/key.hpp"
#include "protocols/dkim/relaxed_header.hpp"
#include "protocols/dkim/sign.hpp"
#include "tests/unit/protocols/dkim/vectors.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hauspost::dkim;
namespace rfc8463 = hauspost::test::rfc8463;

namespace {

constexpr std::int64_t now = 1'700'000'000;

const private_key& ed25519_key() {
    static const private_key key = private_key::generate(key_type::ed25519);
    return key;
}

verifier read(std::string_view message, std::int64_t at = now) {
    verifier made(at);
    made.feed(message);
    made.finish();
    return made;
}

key_answer answer(std::string_view text) {
    key_answer made;
    made.is = key_answer::kind::found;
    made.texts.emplace_back(text);
    return made;
}
key_answer right_key() {
    return answer(ed25519_key().record_text());
}

/// What the first signature is worth.
verification verdict_of(std::string_view message, const key_answer& key = right_key()) {
    const auto made = read(message);
    REQUIRE(!made.signatures().empty());
    return made.check(0, key);
}

/// A signature with any tags: our signer has one form alone. tags: all but bh= and b=.
std::string signed_with(std::string_view tags,
                        std::string_view message,
                        const private_key& key = ed25519_key()) {
    const auto end = message.find("\r\n\r\n");
    std::string field = "DKIM-Signature: " + std::string(tags);
    const auto with_hash = [&](std::string_view hash) {
        return field + "; bh=" + hauspost::base64::encode(hash) + "; b=";
    };
    const auto bare = with_hash(std::string(32, '\0'));
    auto parsed = parse_signature((bare + std::string(86, 'A') + "==").substr(15));
    REQUIRE(parsed.has_value());
    std::string form;
    const auto gather = [&form](std::string_view piece) { form += piece; };
    const auto body = message.substr(end + 4);
    if (parsed->body_form == canonicalization::simple) {
        simple_body simple;
        simple.feed(body, gather);
        simple.finish(gather);
    } else {
        relaxed_body relaxed;
        relaxed.feed(body, gather);
        relaxed.finish(gather);
    }
    if (parsed->body_octets) form.resize(std::min<std::size_t>(form.size(), *parsed->body_octets));
    field = with_hash(sha256_of(form));
    const auto index = field_index::of(message.substr(0, end + 2));
    const auto hash = sha256_of(index->signed_octets(parsed->names, field, parsed->header_form));
    return field + hauspost::base64::encode(key.sign(hash)) + "\r\n" + std::string(message);
}

const std::string plain =
    "From: Ann <ann@a.test>\r\nTo: bob@b.test\r\nSubject:  Two  words\r\n\r\nHello  you \r\n\r\n";
const std::string tags = "v=1; a=ed25519-sha256; d=a.test; s=e; h=from:to:subject";

}  // namespace

TEST_CASE("dkim verify: RFC 8463 appendix A, both signatures, cut anywhere") {
    const auto message = std::string(rfc8463::ed25519_field) + std::string(rfc8463::rsa_field) +
                         std::string(rfc8463::header) + "\r\n" + std::string(rfc8463::body);
    for (std::size_t cut = 0; cut <= message.size(); cut += 7) {
        verifier made(1'528'637'909);
        made.feed(std::string_view(message).substr(0, cut));
        made.feed(std::string_view(message).substr(cut));
        made.finish();
        REQUIRE(made.signatures().size() == 2);
        CHECK(made.author_domain() == "football.example.com");
        CHECK(made.signatures()[0].key_question() == "brisbane._domainkey.football.example.com");
        CHECK(made.signatures()[1].key_question() == "test._domainkey.football.example.com");
        CHECK(made.check(0, answer(rfc8463::ed25519_record)).is == verdict::pass);
        CHECK(made.check(1, answer(rfc8463::rsa_record)).is == verdict::pass);
        CHECK(made.check(0, answer(rfc8463::rsa_record)).is == verdict::permerror);
    }
}

TEST_CASE("dkim verify: all four pairs of forms") {
    for (const std::string form : {"simple", "simple/simple", "simple/relaxed", "relaxed",
                                   "relaxed/simple", "relaxed/relaxed"})
        CHECK(verdict_of(signed_with(tags + "; c=" + form, plain)).is == verdict::pass);
    const auto simple = signed_with(tags + "; c=simple", plain);
    const auto relaxed = signed_with(tags + "; c=relaxed/relaxed", plain);
    const auto with = [](std::string text, std::string_view old, std::string_view other) {
        return text.replace(text.find(old), old.size(), other);
    };
    CHECK(verdict_of(with(simple, "Subject:  Two", "Subject: Two")).is == verdict::fail);
    CHECK(verdict_of(with(relaxed, "Subject:  Two", "SUBJECT : Two")).is == verdict::pass);
    CHECK(verdict_of(with(simple, "Hello  you", "Hello you")).is == verdict::fail);
    CHECK(verdict_of(with(relaxed, "Hello  you", "Hello you")).is == verdict::pass);
    CHECK(verdict_of(with(simple, "you \r\n\r\n", "you \r\n")).is == verdict::pass);
}

TEST_CASE("dkim verify: what our signer makes passes, and nothing that was changed") {
    message_digest digest;
    digest.feed(plain);
    digest.finish();
    signer who;
    who.domain = "a.test";
    who.selector = "e";
    who.key = &ed25519_key();
    signing_terms terms;
    terms.signed_at = now;
    const auto signed_mail = *sign(digest, std::vector{who}, terms) + plain;
    CHECK(verdict_of(signed_mail).is == verdict::pass);
    CHECK(verdict_of("Received: from x\r\n" + signed_mail).is == verdict::pass);
    for (const std::string_view octets : {"Ann", "bob@", "Two", "Hello"}) {
        auto changed = signed_mail;
        changed.replace(changed.find(octets, signed_mail.size() - plain.size()), 1, "x");
        CHECK(verdict_of(changed).is == verdict::fail);
    }
    CHECK(verdict_of("Reply-To: eve@c.test\r\n" + signed_mail).is == verdict::fail);
}

TEST_CASE("dkim verify: D11 a second field of what a reader shows once is no pass") {
    const auto message = signed_with(tags + "; c=relaxed", plain);
    for (const std::string name : {"From: eve@c.test", "Subject: other", "To: eve@c.test"})
        CHECK(verdict_of(name + "\r\n" + message).is == verdict::policy);
    CHECK(verdict_of("X-Other: twice\r\nX-Other: twice\r\n" + message).is == verdict::pass);
}

TEST_CASE("dkim verify: F02 a body length counts when it is all of the body") {
    const auto with_length = [](const std::string& length) {
        return signed_with(tags + "; c=relaxed/relaxed; l=" + length, plain);
    };
    const auto octets = std::string("Hello you\r\n").size();
    CHECK(verdict_of(with_length(std::to_string(octets))).is == verdict::pass);
    CHECK(verdict_of(with_length(std::to_string(octets)) + "more\r\n").is == verdict::policy);
    CHECK(verdict_of(with_length("0")).is == verdict::policy);
    CHECK(verdict_of(with_length(std::to_string(octets + 1))).is == verdict::fail);
}

TEST_CASE("dkim verify: times, with a day for clocks that differ") {
    constexpr std::int64_t day = 24 * 60 * 60;
    const auto dated = [](std::int64_t from, std::int64_t until) {
        return signed_with(tags + "; t=" + std::to_string(from) + "; x=" + std::to_string(until),
                           plain);
    };
    CHECK(verdict_of(dated(now - 9 * day, now - day)).is == verdict::pass);
    CHECK(verdict_of(dated(now - 9 * day, now - day - 1)).is == verdict::fail);
    CHECK(verdict_of(dated(now + day, now + 2 * day)).is == verdict::pass);
    CHECK(verdict_of(dated(now + day + 1, now + 2 * day)).is == verdict::permerror);
}

TEST_CASE("dkim verify: keys that may not be used, and those that cannot be had") {
    const auto message = signed_with(tags, plain);
    const auto record = ed25519_key().record_text();
    CHECK(verdict_of(message, {}).is == verdict::temperror);
    key_answer none;
    none.is = key_answer::kind::none;
    CHECK(verdict_of(message, none).is == verdict::permerror);
    CHECK(verdict_of(message, answer("v=DKIM1; k=ed25519; p=")).is == verdict::permerror);
    CHECK(verdict_of(message, answer("v=spf1 -all")).is == verdict::permerror);
    CHECK(verdict_of(message, answer(record + "; h=sha1")).is == verdict::permerror);
    CHECK(verdict_of(message, answer(record + "; s=tlsrpt")).is == verdict::permerror);
    CHECK(verdict_of(message, answer(record + "; t=s")).is == verdict::pass);
    const auto below = signed_with(tags + "; i=@x.a.test", plain);
    CHECK(verdict_of(below, answer(record)).is == verdict::pass);
    CHECK(verdict_of(below, answer(record + "; t=s")).is == verdict::permerror);
    const auto tested = verdict_of(message, answer(record + "; t=y"));
    CHECK(tested.is == verdict::pass);
    CHECK(tested.is_testing);
    const auto other = private_key::generate(key_type::ed25519);
    CHECK(verdict_of(message, answer(other.record_text())).is == verdict::fail);
    auto several = answer(other.record_text());
    several.texts.push_back(record);
    CHECK(verdict_of(message, several).is == verdict::pass);
    several.texts.insert(several.texts.begin(), limits::max_key_records, "v=spf1 -all");
    CHECK(verdict_of(message, several).is != verdict::pass);
}

TEST_CASE("dkim verify: F02 SHA-1 and short RSA keys are not relied on") {
    const auto sha1 = "DKIM-Signature: v=1; a=rsa-sha1; d=a.test; s=e; h=from; bh=" +
                      hauspost::base64::encode(std::string(20, 'x')) + "; b=AAAA\r\n" + plain;
    CHECK(verdict_of(sha1).is == verdict::policy);
    const auto short_key = "DKIM-Signature: v=1; a=rsa-sha256; d=a.test; s=e; h=from; bh=" +
                           hauspost::base64::encode(sha256_of("Hello  you \r\n")) + "; b=AAAA\r\n" +
                           plain;
    // RSA of 512 bits.
    const std::string record =
        "v=DKIM1; p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALCNGViDzvDwBzqsW0LtB9NsN6gfEKPxesxVo3Kv"
        "qlQ2+F7P7Nw64aiLXeMAzhfsoe/SW2xMMJ0/3djtJjdT2t8CAwEAAQ==";
    CHECK(verdict_of(short_key, answer(record)).is == verdict::policy);
}

TEST_CASE("dkim verify: F02 of a thousand signatures eight are looked at, the author's first") {
    std::string many;
    for (int i = 0; i < 40; ++i)
        many += "DKIM-Signature: v=1; a=ed25519-sha256; d=eve.test; s=e; h=from; bh=" +
                hauspost::base64::encode(std::string(32, 'x')) +
                "; b=" + hauspost::base64::encode(std::string(64, 'x')) +
                "\r\nDKIM-Signature: nonsense\r\n";
    const auto own = signed_with(tags, plain);
    const auto message = read(many.substr(0, many.size() / 2) + own);
    REQUIRE(message.signatures().size() == limits::max_checked_signatures);
    CHECK(message.signatures()[0].signature->domain == "a.test");
    CHECK(message.check(0, right_key()).is == verdict::pass);
    CHECK(message.signatures()[1].signature->domain == "eve.test");
    CHECK(message.unchecked() == 41 - limits::max_checked_signatures);
    std::string thousand;
    for (int i = 0; i < 12; ++i)
        thousand += many;
    CHECK(read(thousand + plain).unchecked() == 960 - limits::max_checked_signatures);
}

TEST_CASE("dkim verify: no signature, a broken one, and a header that readers disagree about") {
    CHECK(read(plain).signatures().empty());
    CHECK(read("").signatures().empty());
    const auto broken = read("DKIM-Signature: v=1\r\n" + plain);
    REQUIRE(broken.signatures().size() == 1);
    CHECK(broken.check(0, right_key()).is == verdict::permerror);
    CHECK(broken.signatures()[0].key_question() == "");
    CHECK(read("no field\r\n" + signed_with(tags, plain)).signatures().empty());
    CHECK(read("X: " + std::string(header_gatherer::max_octets, 'x') + "\r\n" + plain)
              .signatures()
              .empty());
}
