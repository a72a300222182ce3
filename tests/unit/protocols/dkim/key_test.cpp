#include "protocols/dkim/key.hpp"

#include "base/base64.hpp"
#include "protocols/dkim/sha256.hpp"
#include "tests/unit/protocols/dkim/vectors.hpp"

#include <doctest/doctest.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

using namespace hauspost::dkim;
namespace rfc8463 = hauspost::test::rfc8463;

namespace {

std::string der_of(EVP_PKEY* key, bool is_public) {
    unsigned char* octets = nullptr;
    const int size = is_public ? i2d_PUBKEY(key, &octets) : i2d_PrivateKey(key, &octets);
    REQUIRE(size > 0);
    std::string text(reinterpret_cast<char*>(octets), static_cast<std::size_t>(size));
    OPENSSL_free(octets);
    return text;
}

/// A public RSA key of numbers that make no sense but for their size.
std::string rsa_public(int bits, std::string_view exponent_hex) {
    BIGNUM* modulus = BN_new();
    BN_rand(modulus, bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD);
    BIGNUM* exponent = nullptr;
    BN_hex2bn(&exponent, std::string(exponent_hex).c_str());
    OSSL_PARAM_BLD* build = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, modulus);
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, exponent);
    OSSL_PARAM* parameters = OSSL_PARAM_BLD_to_param(build);
    EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr);
    EVP_PKEY* key = nullptr;
    EVP_PKEY_fromdata_init(context);
    EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters);
    REQUIRE(key != nullptr);
    auto octets = der_of(key, true);
    EVP_PKEY_free(key);
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(build);
    BN_free(exponent);
    BN_free(modulus);
    return octets;
}

/// Of a result that must have one: error() of any other is the first fault of all.
template <class Key>
key_fault fault_in(const boost::system::result<Key, key_fault>& read) {
    REQUIRE(read.has_error());
    return read.error();
}

key_fault fault_of(key_type type, std::string_view octets) {
    return fault_in(public_key::from_octets(type, octets));
}

}  // namespace

TEST_CASE("dkim key: generated ones sign, and their record's key checks it") {
    for (const auto type : {key_type::rsa, key_type::ed25519}) {
        const auto key = private_key::generate(type);
        CHECK(key.type() == type);
        CHECK(key.bits() == (type == key_type::rsa ? 2048 : 256));
        const auto hash = sha256_of("a message");
        const auto made = key.sign(hash);
        CHECK(made.size() == (type == key_type::rsa ? 256 : 64));
        const auto record = parse_key_record(key.record_text());
        REQUIRE(record.has_value());
        const auto check = public_key::from_octets(record->type, record->public_octets);
        REQUIRE(check.has_value());
        CHECK(check->bits() == key.bits());
        CHECK(check->verifies(hash, made));
        CHECK_FALSE(check->verifies(sha256_of("another"), made));
        auto other = made;
        other[10] = static_cast<char>(other[10] ^ 1);
        CHECK_FALSE(check->verifies(hash, other));
        CHECK_FALSE(check->verifies(hash, ""));
    }
}

TEST_CASE("dkim key: out as PEM and DER, in again, and it is the same") {
    for (const auto type : {key_type::rsa, key_type::ed25519}) {
        const auto key = private_key::generate(type);
        const auto pem = key.to_pem();
        CHECK(pem.reveal().starts_with("-----BEGIN PRIVATE KEY-----\n"));
        const auto by_pem = private_key::from_pem(pem.reveal());
        REQUIRE(by_pem.has_value());
        CHECK(by_pem->public_octets() == key.public_octets());
        const auto by_der = private_key::from_der(key.to_der().reveal());
        REQUIRE(by_der.has_value());
        CHECK(by_der->public_octets() == key.public_octets());
        CHECK(fault_in(private_key::from_der(std::string(key.to_der().reveal()) + "x")) ==
              key_fault::not_a_key);
    }
}

TEST_CASE("dkim key: RFC 8463 A.2 in, and the public key that stands there out") {
    const auto key = private_key::from_der(
        rfc8463::ed25519_der(*hauspost::base64::decode(rfc8463::ed25519_secret)));
    REQUIRE(key.has_value());
    CHECK(key->record_text() == rfc8463::ed25519_record);
}

TEST_CASE("dkim key: what is not a key for mail is refused") {
    CHECK(fault_in(private_key::from_pem("")) == key_fault::not_a_key);
    CHECK(fault_in(private_key::from_pem(std::string(1 << 20, 'A'))) == key_fault::not_a_key);
    CHECK(fault_in(private_key::from_der("\x30\x03\x02\x01")) == key_fault::not_a_key);
    EVP_PKEY* curve = EVP_EC_gen("P-256");
    CHECK(fault_in(private_key::from_der(der_of(curve, false))) == key_fault::wrong_type);
    CHECK(fault_of(key_type::rsa, der_of(curve, true)) == key_fault::wrong_type);
    EVP_PKEY_free(curve);
    EVP_PKEY* small = EVP_RSA_gen(768);
    CHECK(fault_in(private_key::from_der(der_of(small, false))) == key_fault::bad_size);
    EVP_PKEY_free(small);
}

TEST_CASE("dkim key: a PEM with a passphrase is refused, nobody is asked for one") {
    EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    BIO* bio = BIO_new(BIO_s_mem());
    REQUIRE(PEM_write_bio_PKCS8PrivateKey(bio, key, EVP_aes_256_cbc(), "pass", 4, nullptr,
                                          nullptr) == 1);
    char* text = nullptr;
    const auto size = static_cast<std::size_t>(BIO_get_mem_data(bio, &text));
    CHECK(fault_in(private_key::from_pem({text, size})) == key_fault::not_a_key);
    BIO_free(bio);
    EVP_PKEY_free(key);
}

TEST_CASE("F02 dkim key: a public key that would cost too much, or nothing, is refused") {
    CHECK(public_key::from_octets(key_type::rsa, rsa_public(1024, "10001")).has_value());
    CHECK(public_key::from_octets(key_type::rsa, rsa_public(4096, "03")).has_value());
    CHECK(fault_of(key_type::rsa, rsa_public(1016, "10001")) == key_fault::bad_size);
    CHECK(fault_of(key_type::rsa, rsa_public(4104, "10001")) == key_fault::bad_size);
    CHECK(fault_of(key_type::rsa, rsa_public(16384, "10001")) == key_fault::bad_size);
    CHECK(fault_of(key_type::rsa, rsa_public(2048, "10000000000000001")) == key_fault::bad_number);
    CHECK(fault_of(key_type::rsa, rsa_public(2048, "01")) == key_fault::bad_number);
    CHECK(fault_of(key_type::rsa, rsa_public(2048, "10000")) == key_fault::bad_number);
    CHECK(fault_of(key_type::rsa, rsa_public(2048, "10001") + "x") == key_fault::not_a_key);
    CHECK(fault_of(key_type::rsa, "") == key_fault::not_a_key);
    CHECK(fault_of(key_type::ed25519, std::string(31, 'x')) == key_fault::bad_size);
}

TEST_CASE("dkim key: RSAPublicKey without its frame is read as well") {
    const auto key = private_key::generate(key_type::rsa);
    const auto framed = key.public_octets();
    const auto bare = framed.substr(24);  // behind the SEQUENCE, the algorithm and the BIT STRING
    const auto read = public_key::from_octets(key_type::rsa, bare);
    REQUIRE(read.has_value());
    CHECK(read->verifies(sha256_of("x"), key.sign(sha256_of("x"))));
}
