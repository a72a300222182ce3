#include "protocols/dkim/signature.hpp"

#include "base/base64.hpp"
#include "protocols/dkim/limits.hpp"
#include "tests/unit/protocols/dkim/vectors.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

using namespace hauspost::dkim;
namespace rfc8463 = hauspost::test::rfc8463;

namespace {

std::string base64_of(std::size_t octets) {
    return hauspost::base64::encode(std::string(octets, 'x'));
}

/// A field with one tag changed, added, or taken out ("-").
std::string with(const std::string& name, const std::string& value) {
    std::map<std::string, std::string> tags{
        {"v", "1"},      {"a", "rsa-sha256"},   {"b", base64_of(256)}, {"bh", base64_of(32)},
        {"d", "a.test"}, {"h", "from:subject"}, {"s", "mail"}};
    tags[name] = value;
    std::string text;
    for (const auto& [key, said] : tags)
        if (said != "-") text += key + '=' + said + "; ";
    return text;
}

signature_fault fault_of(const std::string& text) {
    const auto read = parse_signature(text);
    REQUIRE(read.has_error());
    return read.error();
}

signature read(const std::string& text) {
    const auto made = parse_signature(text);
    REQUIRE(made.has_value());
    return *made;
}

}  // namespace

TEST_CASE("dkim signature: RFC 8463 A.3, folded as it stands") {
    const auto made =
        read(std::string(rfc8463::ed25519_field.substr(sizeof("DKIM-Signature:") - 1)));
    CHECK(made.method == algorithm::ed25519_sha256);
    CHECK(made.header_form == canonicalization::relaxed);
    CHECK(made.body_form == canonicalization::relaxed);
    CHECK(made.domain == "football.example.com");
    CHECK(made.selector == "brisbane");
    CHECK(made.identity_domain == "football.example.com");
    CHECK(made.identity_local.empty());
    CHECK(made.names == std::vector<std::string>{"from", "to", "subject", "date", "message-id",
                                                 "from", "subject", "date"});
    CHECK(made.body_hash.size() == 32);
    CHECK(made.octets.size() == 64);
    CHECK(made.signed_at == 1528637909u);
    CHECK(!made.expires_at);
    CHECK(!made.body_octets);
}

TEST_CASE("dkim signature: forms default to simple, and the body's to simple for itself") {
    CHECK(read(with("c", "-")).header_form == canonicalization::simple);
    const auto made = read(with("c", "relaxed"));
    CHECK(made.header_form == canonicalization::relaxed);
    CHECK(made.body_form == canonicalization::simple);
    CHECK(fault_of(with("c", "relaxed/")) == signature_fault::unknown_form);
    CHECK(fault_of(with("c", "nofws")) == signature_fault::unknown_form);
}

TEST_CASE("dkim signature: domains are compared and kept in A-labels") {
    const auto made = read(with("d", "M\xc3\xbcller.Example"));
    CHECK(made.domain == "xn--mller-kva.example");
    CHECK(fault_of(with("d", "a..test")) == signature_fault::bad_domain);
    CHECK(fault_of(with("d", "")) == signature_fault::bad_domain);
    CHECK(fault_of(with("s", "a b")) == signature_fault::bad_domain);
}

TEST_CASE("dkim signature: nobody signs for another domain") {
    CHECK(read(with("i", "ann@A.test")).identity_local == "ann");
    CHECK(read(with("i", "@x.a.test")).identity_domain == "x.a.test");
    for (const auto* other : {"ann@b.test", "ann@xa.test", "ann@test", "ann", "ann@"})
        CHECK_MESSAGE(fault_of(with("i", other)) == signature_fault::bad_identity, other);
}

TEST_CASE("dkim signature: all that it needs must be there") {
    for (const auto* name : {"v", "a", "b", "bh", "d", "h", "s"})
        CHECK_MESSAGE(fault_of(with(name, "-")) == signature_fault::missing_tag, name);
    CHECK(fault_of(with("v", "2")) == signature_fault::bad_version);
    CHECK(fault_of(with("a", "rsa-md5")) == signature_fault::unknown_algorithm);
    CHECK(fault_of(with("q", "http")) == signature_fault::unknown_query);
    CHECK(read(with("q", "http:dns/txt")).selector == "mail");
    CHECK(fault_of("v=1; v=1") == signature_fault::bad_syntax);
}

TEST_CASE("F02 dkim signature: octets are as long as the algorithm says") {
    CHECK(fault_of(with("bh", base64_of(31))) == signature_fault::bad_base64);
    CHECK(fault_of(with("bh", "*")) == signature_fault::bad_base64);
    CHECK(fault_of(with("b", "")) == signature_fault::bad_base64);
    CHECK(read(with("b", base64_of(512))).octets.size() == 512);
    CHECK(fault_of(with("b", base64_of(513))) == signature_fault::bad_base64);
    CHECK(fault_of(with("a", "ed25519-sha256")) == signature_fault::bad_base64);  // b= has 256
    CHECK(fault_of(with("a", "rsa-sha1")) == signature_fault::bad_base64);        // bh= has 32
}

TEST_CASE("F02 dkim signature: h= names From, real fields, and at most 200") {
    CHECK(fault_of(with("h", "to:subject")) == signature_fault::bad_names);
    CHECK(fault_of(with("h", "from::to")) == signature_fault::bad_names);
    CHECK(fault_of(with("h", "from:a b")) == signature_fault::bad_names);
    std::string names = "FROM";
    for (std::size_t i = 1; i < limits::max_signed_names; ++i)
        names += ":x";
    CHECK(read(with("h", names)).names.size() == limits::max_signed_names);
    CHECK(fault_of(with("h", names + ":x")) == signature_fault::bad_names);
}

TEST_CASE("F02 dkim signature: numbers of a bounded length, and an end after the beginning") {
    const auto made = read(with("l", "0") + "t=999999999998; x=999999999999");
    CHECK(made.body_octets == 0u);
    CHECK(made.expires_at == limits::max_seconds);
    for (const auto* wrong : {"", "-1", "1a", "1000000000000", "1 2"})
        CHECK_MESSAGE(fault_of(with("t", wrong)) == signature_fault::bad_number, wrong);
    CHECK(fault_of(with("l", std::string(20, '9'))) == signature_fault::bad_number);
    CHECK(fault_of(with("t", "100") + "x=100") == signature_fault::expires_before);
}

TEST_CASE("F02 dkim signature: a field of more than 16 KiB is not looked at") {
    auto text = with("z", "");
    text.append(limits::max_signature_field_octets - text.size(), ' ');
    CHECK(parse_signature(text).has_value());
    CHECK(fault_of(text + ' ') == signature_fault::too_long);
}
