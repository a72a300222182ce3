#include "certs/signed_document.hpp"

#include "certs/self_signed.hpp"
#include "tests/support/test_ca.hpp"
#include "tests/support/tmp_dir.hpp"
#include "tests/unit/certs/days.hpp"

#include <doctest/doctest.h>
#include <openssl/cms.h>
#include <openssl/pem.h>

#include <cstdio>
#include <memory>
#include <string>

using namespace hauspost;
using namespace hauspost::certs;

namespace {

using cms = std::unique_ptr<CMS_ContentInfo, free_with<CMS_ContentInfo_free>>;
using store = std::unique_ptr<X509_STORE, free_with<X509_STORE_free>>;

/// The document within, or why it does not verify.
std::string verified(const std::string& der, const std::filesystem::path& root) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const cms read(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(der.size())));
    if (!read) return "not CMS";
    const store trusted(X509_STORE_new());
    X509_STORE_load_file(trusted.get(), root.c_str());
    // Ours is a certificate for servers, not for mail.
    X509_STORE_set_purpose(trusted.get(), X509_PURPOSE_SSL_SERVER);
    const bio_ptr out(BIO_new(BIO_s_mem()));
    if (CMS_verify(read.get(), nullptr, trusted.get(), nullptr, out.get(), CMS_BINARY) != 1)
        return "bad: " + openssl_reason();
    char* octets = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &octets);
    return {octets, static_cast<std::size_t>(size)};
}

}  // namespace

TEST_CASE("signed document: whoever trusts the authority reads it as it was") {
    test::test_ca ca;
    const auto certificate = read_certificate(ca.issue("mail.a.example"));
    const std::string document("<plist>\n\r\n\0 gr\xc3\xbc\xc3\x9f</plist>\n", 27);
    const auto made = sign_document(certificate, document);
    REQUIRE(made);
    CHECK(verified(*made, ca.root_file()) == document);
    test::test_ca other("Nobody's Root");
    CHECK(verified(*made, other.root_file()).starts_with("bad: "));
}

TEST_CASE("signed document: an octet that is changed is noticed") {
    test::test_ca ca;
    const auto certificate = read_certificate(ca.issue("mail.a.example"));
    auto made = sign_document(certificate, "mail.a.example 993");
    REQUIRE(made);
    const auto at = made->find("993");
    REQUIRE(at != std::string::npos);
    (*made)[at] = '8';
    CHECK(verified(*made, ca.root_file()).starts_with("bad: "));
}

TEST_CASE("signed document: nothing is signed by a certificate that only trusts itself") {
    test::tmp_dir dir;
    test::manual_clock now{test::today()};
    const auto files = ensure_self_signed(dir / "tls", "mail.a.example", now.wall());
    CHECK_FALSE(sign_document(read_certificate(files), "x"));
}
