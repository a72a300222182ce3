#include "protocols/arc/seal.hpp"
#include "protocols/arc/verify.hpp"
#include "protocols/dkim/key.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using arc::validation;

namespace {

const std::string mail =
    "From: Ann <ann@a.example>\r\nTo: bob@b.example\r\nSubject: s\r\n\r\ntext  \r\n\r\n";

const dkim::private_key& rsa_key() {
    static const auto key = dkim::private_key::generate(dkim::key_type::rsa);
    return key;
}
const dkim::private_key& ed25519_key() {
    static const auto key = dkim::private_key::generate(dkim::key_type::ed25519);
    return key;
}

arc::key_answers all_keys() {
    arc::key_answers made;
    dkim::key_answer one;
    one.is = dkim::key_answer::kind::found;
    one.texts = {rsa_key().record_text()};
    made["r._domainkey.f.example"] = one;
    one.texts = {ed25519_key().record_text()};
    made["e._domainkey.g.example"] = one;
    return made;
}

arc::verifier read(std::string_view message, std::size_t piece = 7) {
    arc::verifier made;
    for (; !message.empty(); message.remove_prefix(std::min(piece, message.size())))
        made.feed(message.substr(0, piece));
    made.finish();
    return made;
}
validation judged(std::string_view message, const arc::key_answers& keys = all_keys()) {
    return read(message).check(keys);
}

dkim::signer by_rsa() {
    return {"f.example", "r", &rsa_key()};
}
dkim::signer by_ed25519() {
    return {"g.example", "e", &ed25519_key()};
}

/// With one more set in front.
std::string sealed(const std::string& message, const dkim::signer& who) {
    dkim::message_digest digest;
    digest.feed(message);
    digest.finish();
    arc::sealing_terms terms;
    terms.who = who;
    terms.results = "mx.f.example; dkim=pass header.d=a.example header.s=s; arc=none";
    terms.signed_at = 1'700'000'000;
    const auto set = arc::seal_message(digest, read(message).sets(), terms);
    REQUIRE(set.has_value());
    return *set + message;
}
std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
}

}  // namespace

TEST_CASE("arc: a message without sets has no chain") {
    CHECK(judged(mail) == validation::none);
    CHECK(read(mail).key_questions().empty());
    CHECK(judged("") == validation::none);
}

TEST_CASE("arc: sets of several are a chain, whatever their keys, cut anywhere") {
    const auto one = sealed(mail, by_rsa());
    CHECK(judged(one) == validation::pass);
    const auto two = sealed("Received: from f.example by g.example\r\n" + one, by_ed25519());
    for (const std::size_t piece : {1, 2, 3, 64, 100'000})
        CHECK(read(two, piece).check(all_keys()) == validation::pass);
    const auto three = sealed(two, by_rsa());
    const auto read_three = read(three);
    CHECK(read_three.check(all_keys()) == validation::pass);
    CHECK(read_three.sets().size() == 3);
    CHECK(read_three.sets()[1].sealed.domain == "g.example");
    CHECK(read_three.key_questions() ==
          std::vector<std::string>{"e._domainkey.g.example", "r._domainkey.f.example"});
    for (std::size_t at = 0; at < three.find("\r\n\r\n"); ++at)  // folded as wide as mail is
        if (three[at] == '\n') CHECK(three.find("\r\n", at) - at <= 79);
}

TEST_CASE("arc: who changes the message behind the last set breaks the chain") {
    const auto two = sealed(sealed(mail, by_rsa()), by_ed25519());
    CHECK(judged(replaced(two, "text", "tex")) == validation::fail);
    CHECK(judged(replaced(two, "Subject: s", "Subject: t")) == validation::fail);
    CHECK(judged("Subject: t\r\n" + two) == validation::fail);  // a second one is guarded against
    CHECK(judged("X-Other: t\r\n" + two) == validation::pass);
}

TEST_CASE("arc: who changes what an earlier one said breaks its seal and all behind it") {
    const auto two = sealed(sealed(mail, by_rsa()), by_ed25519());
    const auto first = two.find("ARC-Authentication-Results: i=1");
    REQUIRE(first != std::string::npos);
    CHECK(judged(two.substr(0, first) + replaced(two.substr(first), "dkim=pass", "dkim=fail")) ==
          validation::fail);
    CHECK(judged(replaced(two, "dkim=pass", "dkim=fail")) == validation::fail);
    CHECK(judged(replaced(two, "cv=pass", "cv=none")) == validation::fail);
    CHECK(judged(replaced(two, "cv=pass", "cv=fail")) == validation::fail);
    CHECK(judged(replaced(two, "i=1", "i=3")) == validation::fail);
    CHECK(judged(replaced(two, "ARC-Seal: i=2", "X-Seal: i=2")) == validation::fail);
}

TEST_CASE("arc: a message that was changed before it was sealed again is the last one's") {
    auto one = sealed(mail, by_rsa());
    one = replaced(one, "Subject: s", "Subject: [list] s");
    // Who finds the chain broken adds nothing; who did not look and sealed is believed by his seal.
    CHECK(judged(one) == validation::fail);
    CHECK(judged(sealed(one, by_ed25519())) == validation::pass);
}

TEST_CASE("arc: without keys nothing is known, without the right ones nothing is right") {
    const auto one = sealed(mail, by_rsa());
    CHECK(judged(one, {}) == validation::unknown);
    auto keys = all_keys();
    keys["r._domainkey.f.example"].is = dkim::key_answer::kind::failed;
    CHECK(judged(one, keys) == validation::unknown);
    keys["r._domainkey.f.example"].is = dkim::key_answer::kind::none;
    keys["r._domainkey.f.example"].texts.clear();
    CHECK(judged(one, keys) == validation::fail);
    keys["r._domainkey.f.example"].is = dkim::key_answer::kind::found;
    keys["r._domainkey.f.example"].texts = {"v=DKIM1; p="};
    CHECK(judged(one, keys) == validation::fail);
    keys["r._domainkey.f.example"].texts = {ed25519_key().record_text()};
    CHECK(judged(one, keys) == validation::fail);
    keys["r._domainkey.f.example"].texts = {"nonsense", rsa_key().record_text()};
    CHECK(judged(one, keys) == validation::pass);
}

TEST_CASE("arc: sets that are incomplete, twice there or unreadable are no chain") {
    const auto one = sealed(mail, by_rsa());
    for (const auto* field :
         {"ARC-Seal: i=1; a=rsa-sha256; cv=none; d=x.example; s=s; b=AAAA\r\n",
          "ARC-Authentication-Results: i=1; x; none\r\n", "ARC-Authentication-Results: none\r\n",
          "ARC-Seal: i=0\r\n", "ARC-Seal: i=51; a=b\r\n", "ARC-Seal: nonsense\r\n",
          "ARC-Message-Signature: i=2; a=rsa-sha256\r\n"}) {
        CHECK(judged(field + one) == validation::fail);
        CHECK(judged(field + mail) == validation::fail);
    }
    CHECK(judged(replaced(one, "a=rsa-sha256; t", "a=rsa-sha1; t")) == validation::fail);
    CHECK(judged(replaced(one, "cv=none;", "cv=none; h=from;")) == validation::fail);
    CHECK(judged(replaced(one, "h=From:", "h=ARC-Seal:From:")) == validation::fail);
}

TEST_CASE("arc: a chain longer than is followed, or with a length, is left alone") {
    std::string long_chain = mail;
    for (std::size_t n = 0; n < arc::max_followed; ++n)
        long_chain = sealed(long_chain, by_ed25519());
    CHECK(judged(long_chain) == validation::pass);
    CHECK(judged(sealed(long_chain, by_ed25519())) == validation::unknown);
    const auto one = sealed(mail, by_rsa());
    CHECK(judged(replaced(one, "c=relaxed/relaxed;", "c=relaxed/relaxed; l=1;")) ==
          validation::unknown);
    CHECK(judged("X: " + std::string(2 * 1024 * 1024, 'a') + "\r\n" + mail) == validation::unknown);
}

TEST_CASE("arc: what cannot be signed cannot be sealed") {
    const auto fault = [](const std::string& message) {
        dkim::message_digest digest;
        digest.feed(message);
        digest.finish();
        arc::sealing_terms terms;
        terms.who = by_rsa();
        terms.results = "mx.f.example; none";
        return arc::seal_message(digest, {}, terms).has_value();
    };
    CHECK(fault(mail));
    CHECK_FALSE(fault("To: b\r\n\r\n"));
    CHECK_FALSE(fault("From: a\r\n\r\nbare\nend"));
    CHECK_FALSE(fault("From: a\r\nno field\r\n\r\n"));
}
