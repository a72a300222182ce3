#include "protocols/dkim/sign.hpp"

#include "base/base64.hpp"
#include "protocols/dkim/field_choice.hpp"
#include "protocols/dkim/signature.hpp"
#include "tests/unit/protocols/dkim/vectors.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hauspost::dkim;
namespace rfc8463 = hauspost::test::rfc8463;

namespace {

const private_key& rsa_key() {
    static const private_key key = private_key::generate(key_type::rsa);
    return key;
}
const private_key& ed25519_key() {
    static const private_key key = private_key::generate(key_type::ed25519);
    return key;
}

signer signer_of(const private_key& key) {
    signer who;
    who.domain = "a.test";
    who.selector = key.type() == key_type::rsa ? "r" : "e";
    who.key = &key;
    return who;
}

message_digest digest(std::string_view message) {
    message_digest made;
    made.feed(message);
    made.finish();
    return made;
}

/// Whether the first field in front of the message is a signature of it by this key.
bool verifies(std::string_view field, std::string_view message, const private_key& key) {
    const auto read = parse_signature(field.substr(field.find(':') + 1));
    REQUIRE(read.has_value());
    const auto of = digest(message);
    if (read->body_hash != of.body_hash()) return false;
    const auto hash = sha256_of(
        field_index::of(of.header())->signed_octets(read->names, without_signature(field)));
    return public_key::from_octets(key.type(), key.public_octets())->verifies(hash, read->octets);
}

std::string signed_by(std::initializer_list<const private_key*> keys, std::string_view message) {
    std::vector<signer> signers;
    for (const auto* key : keys)
        signers.push_back(signer_of(*key));
    signing_terms terms;
    terms.signed_at = 1'700'000'000;
    const auto made = sign(digest(message), signers, terms);
    REQUIRE(made.has_value());
    return *made;
}

signing_fault fault_of(std::string_view message, const signer& who) {
    const auto made = sign(digest(message), std::vector{who}, {});
    REQUIRE(made.has_error());
    return made.error();
}

constexpr std::string_view message =
    "From: Ann <ann@a.test>\r\nTo: Bob\r\n <bob@b.test>\r\nSubject: hello\r\n\r\nHi  Bob \r\n\r\n";

}  // namespace

TEST_CASE("dkim sign: RFC 8463 A.3, both signatures are as they stand there") {
    const auto of = digest(std::string(rfc8463::header) + "\r\n" + std::string(rfc8463::body));
    const auto index = field_index::of(of.header());
    for (const auto& [field, record] : {std::pair(rfc8463::ed25519_field, rfc8463::ed25519_record),
                                        std::pair(rfc8463::rsa_field, rfc8463::rsa_record)}) {
        const auto read = parse_signature(field.substr(field.find(':') + 1));
        REQUIRE(read.has_value());
        CHECK(read->body_hash == of.body_hash());
        const auto hash = sha256_of(index->signed_octets(read->names, without_signature(field)));
        const auto known = parse_key_record(record);
        const auto key = public_key::from_octets(known->type, known->public_octets);
        REQUIRE(key.has_value());
        CHECK(key->verifies(hash, read->octets));
        if (known->type != key_type::ed25519) continue;
        // It is always the same, so ours is the one of the RFC.
        const auto own = private_key::from_der(
            rfc8463::ed25519_der(*hauspost::base64::decode(rfc8463::ed25519_secret)));
        CHECK(own->sign(hash) == read->octets);
    }
}

TEST_CASE("dkim sign: several signatures over one body, each in a field of its own") {
    const auto fields = signed_by({&rsa_key(), &ed25519_key()}, message);
    const auto second = fields.find("\r\nDKIM-Signature:") + 2;
    const auto rsa = fields.substr(0, second);
    const auto ed25519 = fields.substr(second);
    CHECK(rsa.starts_with("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=a.test; s=r;"));
    CHECK(fields.ends_with("\r\n"));
    CHECK(verifies(rsa, message, rsa_key()));
    CHECK(verifies(ed25519, message, ed25519_key()));
    const auto read = parse_signature(rsa.substr(rsa.find(':') + 1));
    CHECK(read->signed_at == 1'700'000'000u);
    CHECK(!read->expires_at);
    CHECK(!read->body_octets);
    CHECK(read->names == *choose_fields(*field_index::of(digest(message).header())));
}

TEST_CASE("dkim sign: lines of at most 78 octets") {
    const auto fields = signed_by({&rsa_key(), &ed25519_key()}, message);
    for (std::size_t at = 0; at < fields.size();) {
        const auto end = fields.find("\r\n", at);
        CHECK(end - at <= 78);
        CHECK((at == 0 || fields[at] == ' ' || fields.compare(at, 15, "DKIM-Signature:") == 0));
        at = end + 2;
    }
}

TEST_CASE("dkim sign: what changes on the way breaks it, what may change does not") {
    const auto field = signed_by({&ed25519_key()}, message);
    const auto key = &ed25519_key();
    const std::string changed(message);
    const auto with = [&changed](std::string_view what, std::string_view by) {
        auto text = changed;
        return text.replace(text.find(what), what.size(), by);
    };
    CHECK(verifies(field, with("Hi  Bob \r\n\r\n", "Hi\tBob\r\n\r\n\r\n"), *key));
    CHECK(verifies(field, with("Bob\r\n <", "Bob <"), *key));
    CHECK(verifies(field, "Received: by x\r\nSender: list@b.test\r\n" + changed, *key));
    CHECK_FALSE(verifies(field, with("Hi", "Ho"), *key));
    CHECK_FALSE(verifies(field, with("hello", "hullo"), *key));
    for (const auto* more : {"From: x@b.test", "Subject: more", "Cc: c@b.test",
                             "Reply-To: d@b.test", "Content-Type: text/html"})
        CHECK_FALSE_MESSAGE(verifies(field, std::string(more) + "\r\n" + changed, *key), more);
}

TEST_CASE("dkim sign: an end of its validity") {
    signing_terms terms;
    terms.signed_at = 100;
    terms.valid_for = 7;
    auto made = sign(digest(message), std::vector{signer_of(ed25519_key())}, terms);
    CHECK(made->find(" t=100; x=107;") != std::string::npos);
    terms.valid_for = 0;
    made = sign(digest(message), std::vector{signer_of(ed25519_key())}, terms);
    CHECK(parse_signature(made->substr(15))->expires_at == 101u);
}

TEST_CASE("dkim sign: domain and selector are written in A-labels") {
    auto who = signer_of(ed25519_key());
    who.domain = "M\xc3\xbcller.example";
    who.selector = "Mail2026.X";
    const auto made = sign(digest(message), std::vector{who}, {});
    REQUIRE(made.has_value());
    CHECK(made->find("d=xn--mller-kva.example;") != std::string::npos);
    CHECK(made->find("s=mail2026.x;") != std::string::npos);
    who.selector = "a; b=";
    CHECK(fault_of(message, who) == signing_fault::bad_selector);
    who.domain = "a.test\r\nX: y";
    CHECK(fault_of(message, who) == signing_fault::bad_domain);
}

TEST_CASE("dkim sign: what cannot be signed says why") {
    const auto who = signer_of(ed25519_key());
    CHECK(fault_of("To: b\r\n\r\nx", who) == signing_fault::no_from);
    CHECK(fault_of("From: a\r\nno field\r\n\r\nx", who) == signing_fault::bad_header);
    CHECK(fault_of("From: a\r\n\r\nx\ny", who) == signing_fault::bare_line_end);
    std::string many = "From: a\r\n";
    for (int i = 0; i < 200; ++i)
        many += "To: b\r\n";
    CHECK(fault_of(many + "\r\nx", who) == signing_fault::too_many_fields);
    CHECK(sign(digest(message), {}, {})->empty());
}
