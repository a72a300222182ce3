#include "protocols/dmarc/tree_walk.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

using namespace hauspost::dmarc;

namespace {

/// The records of a few domains; "!" is a server that does not answer.
using zones = std::map<std::string, std::vector<std::string>>;

findings walk(std::string_view domain, const zones& where, bool exists = true) {
    std::vector<txt_answer> answers;
    for (const auto& name : domains_to_ask(domain)) {
        const auto at = where.find(name);
        txt_answer one;
        if (at != where.end()) one.texts = at->second;
        one.has_failed = one.texts == std::vector<std::string>{"!"};
        answers.push_back(std::move(one));
    }
    return find_policy(domain, answers, exists);
}

const std::string reject = "v=DMARC1; p=reject";
const std::string none = "v=DMARC1; p=none";

}  // namespace

TEST_CASE("dmarc walk: the domain itself, then each above it") {
    using names = std::vector<std::string>;
    CHECK(domains_to_ask("A.Mail.example.com") ==
          names{"a.mail.example.com", "mail.example.com", "example.com", "com"});
    CHECK(domains_to_ask("com") == names{"com"});
    CHECK(domains_to_ask("").empty());
    CHECK(question_name("a.test") == "_dmarc.a.test");
}

TEST_CASE("dmarc walk: F03 a hundred labels are eight questions") {
    // RFC 9989 4.10: of eight labels and more, the next has seven.
    CHECK(domains_to_ask("a.b.c.d.e.f.g.h.i.j.mail.example.com") ==
          std::vector<std::string>{"a.b.c.d.e.f.g.h.i.j.mail.example.com",
                                   "g.h.i.j.mail.example.com", "h.i.j.mail.example.com",
                                   "i.j.mail.example.com", "j.mail.example.com", "mail.example.com",
                                   "example.com", "com"});
    std::string hundred = "example.com";
    for (int i = 0; i < 98; ++i)
        hundred = "a." + hundred;
    CHECK(domains_to_ask(hundred).size() == max_questions);
    CHECK(domains_to_ask("1.2.3.4.5.6.7.8").size() == max_questions);
}

TEST_CASE("dmarc walk: the domain's own record counts, its organisation is the shortest") {
    const auto made = walk("a.b.example.com",
                           {{"a.b.example.com", {none + "; adkim=s"}}, {"example.com", {reject}}});
    CHECK(made.is == findings::outcome::found);
    CHECK(made.wanted == policy::none);
    CHECK(made.dkim == alignment::strict);
    CHECK(made.policy_domain == "a.b.example.com");
    CHECK(made.organization == "example.com");
}

TEST_CASE("dmarc walk: without its own that of its organisation counts, with sp and np") {
    const zones plain{{"example.com", {reject}}, {"b.example.com", {none}}};
    CHECK(walk("a.b.example.com", plain).wanted == policy::reject);
    CHECK(walk("a.b.example.com", plain).policy_domain == "example.com");
    const zones mild{{"example.com", {reject + "; sp=none; np=quarantine; t=y"}}};
    CHECK(walk("a.example.com", mild).wanted == policy::none);
    CHECK(walk("a.example.com", mild, false).wanted == policy::quarantine);
    CHECK(walk("a.example.com", mild).is_testing);
    CHECK(walk("example.com", mild).wanted == policy::reject);
}

TEST_CASE("dmarc walk: psd=n and psd=y end it") {
    const zones own{{"b.example.com", {none + "; psd=n"}}, {"example.com", {reject}}};
    CHECK(walk("a.b.example.com", own).organization == "b.example.com");
    CHECK(walk("a.b.example.com", own).wanted == policy::none);
    const zones suffix{{"com", {reject + "; psd=y"}}};
    CHECK(walk("a.b.example.com", suffix).organization == "example.com");
    CHECK(walk("a.b.example.com", suffix).wanted == policy::reject);
    CHECK(walk("a.b.example.com", suffix).policy_domain == "com");
    const zones both{{"com", {reject + "; psd=y"}}, {"example.com", {none}}};
    CHECK(walk("a.example.com", both).wanted == policy::none);
    CHECK(walk("a.example.com", both).organization == "example.com");
    // A suffix that sends mail is its own organisation.
    const zones itself{{"bank", {reject + "; psd=y"}}};
    CHECK(walk("bank", itself).organization == "bank");
    CHECK(walk("bank", itself).wanted == policy::reject);
}

TEST_CASE("dmarc walk: nobody says anything, or several things at once") {
    const auto made = walk("a.example.com", {});
    CHECK(made.is == findings::outcome::none);
    CHECK(made.organization == "a.example.com");
    CHECK(walk("a.example.com", {{"a.example.com", {reject, none}}}).is == findings::outcome::none);
    CHECK(walk("a.example.com", {{"a.example.com", {"v=spf1 -all", reject}}}).wanted ==
          policy::reject);
    CHECK(walk("", {}).is == findings::outcome::none);
}

TEST_CASE("dmarc walk: F04 what cannot be looked up is unknown, not absent") {
    CHECK(walk("example.com", {{"example.com", {"!"}}}).is == findings::outcome::failed);
    const zones above{{"example.com", {"!"}}};
    CHECK(walk("a.example.com", above).is == findings::outcome::failed);
    const zones own{{"a.example.com", {reject}}, {"example.com", {"!"}}};
    CHECK(walk("a.example.com", own).is == findings::outcome::found);
    CHECK(walk("a.example.com", own).wanted == policy::reject);
    CHECK(walk("a.example.com", own).organization == "");
    const zones top{{"com", {"!"}}, {"example.com", {reject}}};
    CHECK(walk("example.com", top).organization == "example.com");
    CHECK(walk("other.com", top).is == findings::outcome::none);
    CHECK(find_policy("example.com", {}).is == findings::outcome::failed);
}

TEST_CASE("dmarc alignment: equal names are aligned, strict ones must be, others need a walk") {
    CHECK(compare("a.test", "A.test", alignment::strict) == comparison::aligned);
    CHECK(compare("a.test", "b.a.test", alignment::strict) == comparison::not_aligned);
    CHECK(compare("a.test", "b.a.test", alignment::relaxed) == comparison::needs_walk);
    CHECK(compare("a.test", "a.example", alignment::relaxed) == comparison::not_aligned);
    CHECK(compare("", "", alignment::relaxed) == comparison::not_aligned);
}
