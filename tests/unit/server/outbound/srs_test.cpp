#include "server/outbound/srs.hpp"

#include "base/ascii.hpp"
#include "protocols/smtp/path.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace hauspost;
using namespace hauspost::outbound;

namespace {

constexpr std::int64_t day = 86'400;
constexpr std::int64_t today = 20'000 * day + 77;

smtp::mailbox_address at(const std::string& text) {
    smtp::mailbox_address address;
    const auto sign = text.rfind('@');
    address.local_part = text.substr(0, sign);
    address.domain = text.substr(sign + 1);
    return address;
}

std::string text_of(const smtp::mailbox_address& address) {
    return address.local_part + '@' + address.domain;
}

srs_rewriter rewriter(const std::string& domain = "fwd.test",
                      std::initializer_list<char> keys = {'k'}) {
    srs_settings settings;
    settings.domain = domain;
    for (const char key : keys)
        settings.keys.emplace_back(std::string(32, key));
    return srs_rewriter(std::move(settings));
}

std::string encoded(const srs_rewriter& by, const std::string& sender, std::int64_t now = today) {
    const auto made = by.encode(at(sender), now);
    REQUIRE(made.has_value());
    return text_of(*made);
}

std::string decoded(const srs_rewriter& by, const std::string& text, std::int64_t now = today) {
    const auto made = by.decode(at(text), now);
    REQUIRE_MESSAGE(made.has_value(), text);
    return text_of(*made);
}

srs_fault fault_of(const srs_rewriter& by, const std::string& text, std::int64_t now = today) {
    const auto made = by.decode(at(text), now);
    REQUIRE_MESSAGE(made.has_error(), text);
    return made.error();
}

}  // namespace

TEST_CASE("srs: a reverse-path becomes one of ours, and leads back") {
    const auto by = rewriter();
    const auto made = encoded(by, "Ann.Lee@a.test");
    CHECK(made.starts_with("SRS0="));
    CHECK(made.ends_with("=a.test=Ann.Lee@fwd.test"));
    CHECK(made.size() == std::string("SRS0=tttttttt=dd=a.test=Ann.Lee@fwd.test").size());
    CHECK(decoded(by, made) == "Ann.Lee@a.test");
    CHECK(smtp::parse_mailbox(smtp::to_text(at(made))).has_value());
}

TEST_CASE("srs: the way may change the case of a local part") {
    const auto by = rewriter();
    for (const auto* sender : {"Ann.Lee@a.test", "\xc3\x84nn@a.test"}) {
        const auto made = encoded(by, sender);
        CHECK(decoded(by, ascii::lowered(made)) == ascii::lowered(sender));
        CHECK(decoded(by, ascii::uppered(made)) ==
              ascii::uppered(std::string(sender).substr(0, std::string(sender).find('@'))) +
                  "@a.test");
    }
    const auto umlaut = encoded(by, "\xc3\x84nn@a.test");
    auto low = umlaut;
    low.replace(low.find("\xc3\x84"), 2, "\xc3\xa4");
    CHECK(decoded(by, low) == "\xc3\xa4nn@a.test");
}

TEST_CASE("srs: odd local parts and domains come back as they were") {
    const auto by = rewriter();
    for (const auto* sender :
         {"a=b=c@a.test", "=@a.test", "a b@a.test", "a@b@a.test", "\"@a.test", "x@[192.0.2.1]",
          "SRS0@a.test", "srs0=x@a.test", "SRS1=x=y@a.test", "SRS0+a=b@a.test", "@a.test"})
        CHECK_MESSAGE(decoded(by, encoded(by, sender)) == sender, sender);
    CHECK(decoded(by, encoded(by, "x@M\xc3\xbcller.example")) == "x@xn--mller-kva.example");
}

TEST_CASE("srs: what another server has rewritten goes back to it, past all between") {
    const auto first = rewriter("one.test", {'1'}), second = rewriter("two.test", {'2'}),
               third = rewriter("three.test", {'3'});
    const auto one = encoded(first, "ann@a.test");
    const auto two = encoded(second, one);
    CHECK(two.starts_with("SRS1="));
    CHECK(two.find("=one.test==") != std::string::npos);
    CHECK(decoded(second, two) == one);
    const auto three = encoded(third, two);
    CHECK(three.starts_with("SRS1="));
    CHECK(three.size() == two.size() + 2);  // "three" for "two"
    CHECK(decoded(third, three) == one);
    CHECK(decoded(first, ascii::lowered(decoded(third, three))) == "ann@a.test");
}

TEST_CASE("srs: addresses of libsrs2 are understood") {
    const auto by = rewriter();
    const auto made = encoded(by, "SRS0=Xy+/=TT=a.test=ann@one.test");
    CHECK(made.find("=one.test==Xy+/=TT=a.test=ann@fwd.test") != std::string::npos);
    CHECK(decoded(by, made) == "SRS0=Xy+/=TT=a.test=ann@one.test");
    const auto next = encoded(by, "SRS1=Ab1=one.test==Xy=TT=a.test=ann@two.test");
    CHECK(decoded(by, next) == "SRS0=Xy=TT=a.test=ann@one.test");
    CHECK(decoded(by, encoded(by, "SRS0-X=TT=a.test=ann@one.test")) ==
          "SRS0-X=TT=a.test=ann@one.test");
}

TEST_CASE("srs: the null path and our own addresses stay as they are") {
    const auto by = rewriter();
    CHECK(by.encode({}, today)->is_null());
    CHECK(encoded(by, "info@fwd.test") == "info@fwd.test");
    CHECK(encoded(by, "SRS0=x=y=z=w@FWD.test") == "SRS0=x=y=z=w@FWD.test");
}

TEST_CASE("A19 srs: only what we have made leads anywhere") {
    const auto by = rewriter();
    const auto made = encoded(by, "ann@a.test");
    for (std::size_t i = 5; i < made.find('@'); ++i) {
        auto other = made;
        other[i] = other[i] == 'b' ? 'c' : 'b';
        const auto back = by.decode(at(other), today);
        REQUIRE_MESSAGE(back.has_error(), other);
    }
    auto other = made;
    other.replace(other.find("=a.test="), 8, "=e.test=");
    CHECK(fault_of(by, other) == srs_fault::forged);
    other = made;
    other.replace(other.find("=a.test=ann"), 11, "=a.tes=tann");
    CHECK(fault_of(by, other) == srs_fault::forged);
    CHECK(fault_of(rewriter("fwd.test", {'x'}), made) == srs_fault::forged);
    // The same key of another domain, and the pieces put together otherwise.
    const auto elsewhere = rewriter("other.test");
    CHECK(fault_of(elsewhere, made.substr(0, made.find('@')) + "@other.test") == srs_fault::forged);
    const auto token = made.substr(5, 11);
    CHECK(fault_of(by, "SRS0=" + token + "=a.test=an=n@fwd.test") == srs_fault::forged);
    const auto next = encoded(by, "SRS0=x=tt=a.test=ann@one.test");
    auto host = next;
    host.replace(host.find("one.test"), 8, "two.test");
    CHECK(fault_of(by, host) == srs_fault::forged);
    auto rest = next;
    rest.replace(rest.find("ann@"), 4, "bob@");
    CHECK(fault_of(by, rest) == srs_fault::forged);
    // What SRS1 has signed is no SRS0.
    CHECK(fault_of(by, "SRS0=" + next.substr(5, 8) + '=' + next.substr(13, 2) +
                           "=one.test==x=tt=a.test=ann@fwd.test") == srs_fault::forged);
}

TEST_CASE("srs: what is not ours to read says why") {
    const auto by = rewriter();
    const auto made = encoded(by, "ann@a.test");
    CHECK(fault_of(by, "ann@fwd.test") == srs_fault::not_srs);
    CHECK(fault_of(by, "SRS2=x=y=z@fwd.test") == srs_fault::not_srs);
    CHECK(fault_of(by, "SRS0@fwd.test") == srs_fault::not_srs);
    CHECK(fault_of(by, made.substr(0, made.find('@')) + "@other.test") == srs_fault::foreign);
    for (const auto* text :
         {"SRS0=", "SRS0=a", "SRS0=a=b", "SRS0=aaaaaaaa=aa=a.test", "SRS0=aaaaaaaa=aa==x",
          "SRS0=aaaaaaa=aa=a.test=x", "SRS0=aaaaaaaa=a1=a.test=x", "SRS0=aaaaaaaa=aaa=a.test=x",
          "SRS0+aaaaaaaa=aa=a.test=x", "SRS1=aaaaaaaaaa", "SRS1=aaaaaaaaaa=h",
          "SRS1=aaaaaaaaaa=h.test=x", "SRS1=aaaaaaaa=h.test==a=b=c=d",
          "SRS1=aaaaaaaaaa=h..test==a=b=c=d"})
        CHECK_MESSAGE(fault_of(by, std::string(text) + "@fwd.test") == srs_fault::malformed, text);
    CHECK(fault_of(by, "SRS0=aaaaaaaa=aa=a.test=x\r\ny@fwd.test") == srs_fault::malformed);
    CHECK(fault_of(by, "SRS0=" + std::string(400, 'a') + "@fwd.test") == srs_fault::malformed);
}

TEST_CASE("srs: an address ends after 21 days, for ever, and a clock may be a day behind") {
    const auto by = rewriter();
    for (const auto* sender : {"ann@a.test", "SRS0=x=tt=a.test=ann@one.test"}) {
        const auto made = encoded(by, sender);
        CHECK(decoded(by, made, today + 21 * day) == sender);
        CHECK(fault_of(by, made, today + 22 * day) == srs_fault::expired);
        CHECK(fault_of(by, made, today + 1000 * day) == srs_fault::expired);
        CHECK(fault_of(by, made, today + 1024 * day) == srs_fault::forged);
        CHECK(decoded(by, made, today - day) == sender);
        CHECK(fault_of(by, made, today - 2 * day) == srs_fault::forged);
    }
    // All days of a cycle.
    for (std::int64_t i = 0; i < 1030; ++i) {
        const auto now = today + i * day;
        CHECK(decoded(by, encoded(by, "ann@a.test", now), now + day) == "ann@a.test");
    }
}

TEST_CASE("srs: an old key reads as long as it is there, the first one makes") {
    const auto old = rewriter("fwd.test", {'o'}), both = rewriter("fwd.test", {'n', 'o'}),
               only = rewriter("fwd.test", {'n'});
    const auto made = encoded(old, "ann@a.test");
    CHECK(decoded(both, made) == "ann@a.test");
    CHECK(fault_of(only, made) == srs_fault::forged);
    CHECK(decoded(only, encoded(both, "ann@a.test")) == "ann@a.test");
}

TEST_CASE("srs: a local part of 64 octets is made, one more is refused") {
    const auto by = rewriter();
    const auto front = std::string("SRS0=tttttttt=dd=a.test=").size();
    const auto fits = encoded(by, std::string(64 - front, 'x') + "@a.test");
    CHECK(fits.find('@') == 64);
    for (const auto& sender : {std::string(65 - front, 'x') + "@a.test",
                               "SRS0=" + std::string(60, 'x') + "=tt=a.test=y@b.test"}) {
        const auto longer = by.encode(at(sender), today);
        REQUIRE(longer.has_error());
        CHECK(longer.error() == srs_fault::too_long);
    }
}

TEST_CASE("srs: a domain with the sign between the pieces is refused") {
    for (const auto* sender : {"x@[tag:a=b=c]", "SRS0=x=tt=a.test=y@[tag:a=b]"}) {
        const auto made = rewriter().encode(at(sender), today);
        REQUIRE_MESSAGE(made.has_error(), sender);
        CHECK(made.error() == srs_fault::bad_domain);
    }
}

TEST_CASE("srs: without a key, with a short one or without a domain there is none") {
    CHECK_THROWS_AS(rewriter("fwd.test", {}), std::invalid_argument);
    CHECK_THROWS_AS(rewriter(""), std::invalid_argument);
    srs_settings settings;
    settings.domain = "fwd.test";
    settings.keys.emplace_back(std::string(15, 'k'));
    CHECK_THROWS_AS(srs_rewriter(std::move(settings)), std::invalid_argument);
}
