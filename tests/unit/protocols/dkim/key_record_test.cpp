#include "protocols/dkim/key_record.hpp"

#include "base/base64.hpp"
#include "protocols/dkim/limits.hpp"
#include "tests/unit/protocols/dkim/vectors.hpp"

#include <doctest/doctest.h>

using namespace hauspost::dkim;
namespace rfc8463 = hauspost::test::rfc8463;

namespace {

key_record_fault fault_of(std::string_view text) {
    const auto read = parse_key_record(text);
    REQUIRE(read.has_error());
    return read.error();
}

}  // namespace

TEST_CASE("dkim key record: RFC 8463 A.2") {
    const auto ed25519 = parse_key_record(rfc8463::ed25519_record);
    REQUIRE(ed25519.has_value());
    CHECK(ed25519->type == key_type::ed25519);
    CHECK(ed25519->public_octets.size() == 32);
    const auto rsa = parse_key_record(rfc8463::rsa_record);
    REQUIRE(rsa.has_value());
    CHECK(rsa->type == key_type::rsa);
    CHECK(rsa->allows_sha256);
    CHECK(rsa->allows_email);
    CHECK_FALSE(rsa->is_testing);
    CHECK_FALSE(rsa->is_for_domain);
    CHECK_FALSE(rsa->is_revoked());
}

TEST_CASE("dkim key record: defaults, and tags that nobody knows") {
    const auto read = parse_key_record("p=QUJD; n=a note; g=*; zz=1");
    REQUIRE(read.has_value());
    CHECK(read->type == key_type::rsa);
    CHECK(read->public_octets == "ABC");
    CHECK(parse_key_record("v=DKIM1; p=")->is_revoked());
}

TEST_CASE("dkim key record: what h=, s= and t= allow") {
    CHECK(parse_key_record("h=sha1:sha256; p=QUJD")->allows_sha256);
    CHECK_FALSE(parse_key_record("h=sha1; p=QUJD")->allows_sha256);
    CHECK(parse_key_record("s=tlsrpt : email; p=QUJD")->allows_email);
    CHECK_FALSE(parse_key_record("s=tlsrpt; p=QUJD")->allows_email);
    const auto flags = parse_key_record("t=y:s; p=QUJD");
    CHECK(flags->is_testing);
    CHECK(flags->is_for_domain);
    CHECK_FALSE(parse_key_record("t=x; p=QUJD")->is_testing);
}

TEST_CASE("F02 dkim key record: each fault has its name") {
    CHECK(fault_of("v=DKIM2; p=QUJD") == key_record_fault::bad_version);
    CHECK(fault_of("p=QUJD; v=DKIM1") == key_record_fault::bad_version);
    CHECK(fault_of("k=dsa; p=QUJD") == key_record_fault::unknown_key_type);
    CHECK(fault_of("v=DKIM1; k=rsa") == key_record_fault::no_key);
    CHECK(fault_of("p=QUJ*") == key_record_fault::bad_base64);
    CHECK(fault_of("p=QUJD; p=QUJD") == key_record_fault::bad_syntax);
    CHECK(fault_of("hello") == key_record_fault::bad_syntax);
    const std::string full = "p=QUJD;n=" + std::string(limits::max_key_record_octets - 9, 'x');
    CHECK(parse_key_record(full).has_value());
    CHECK(fault_of(full + "x") == key_record_fault::too_long);
}

TEST_CASE("dkim key record: what is written is read again, in strings of at most 255 octets") {
    const std::string key(294, '\x81');
    const auto text = write_key_record(key_type::rsa, key);
    CHECK(parse_key_record(text)->public_octets == key);
    const auto strings = txt_strings(text);
    REQUIRE(strings.size() == 2);
    CHECK(strings[0].size() == 255);
    CHECK(strings[0] + strings[1] == text);
    CHECK(txt_strings("").size() == 1);
    CHECK(in_zone_file(std::string(255, 'a') + "b\"\\") ==
          '"' + std::string(255, 'a') + "\" \"b\\\"\\\\\"");
}
