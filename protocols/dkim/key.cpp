#include "protocols/dkim/key.hpp"

#include "protocols/dkim/limits.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <optional>

namespace hauspost::dkim {

void free_key::operator()(EVP_PKEY* key) const noexcept {
    EVP_PKEY_free(key);
}

namespace {

constexpr std::size_t max_key_octets = 16 * 1024;  // PEM of RSA 4096 has 3.3 KB
constexpr std::size_t ed25519_key_octets = 32;     // RFC 8032 5.1.5

struct free_any {
    void operator()(BIO* bio) const noexcept { BIO_free(bio); }
    void operator()(BIGNUM* number) const noexcept { BN_free(number); }
    void operator()(EVP_PKEY_CTX* context) const noexcept { EVP_PKEY_CTX_free(context); }
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
    void operator()(PKCS8_PRIV_KEY_INFO* info) const noexcept { PKCS8_PRIV_KEY_INFO_free(info); }
};
template <class T>
using owned = std::unique_ptr<T, free_any>;

/// What OpenSSL has to say about other people's octets is nobody's fault of ours.
struct error_queue {
    error_queue() { ERR_set_mark(); }
    error_queue(const error_queue&) = delete;
    error_queue& operator=(const error_queue&) = delete;
    ~error_queue() { ERR_pop_to_mark(); }
};

void demand_key(bool done) {
    if (!done) throw key_error("OpenSSL could not work with a DKIM key");
}

const unsigned char* as_octets(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::optional<key_type> type_of(const EVP_PKEY* key) noexcept {
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA: return key_type::rsa;
    case EVP_PKEY_ED25519: return key_type::ed25519;
    default: return std::nullopt;
    }
}

unsigned bits_of(const EVP_PKEY* key) noexcept {
    return static_cast<unsigned>(EVP_PKEY_get_bits(key));
}

/// nullopt: it may be used. A huge modulus or exponent would cost whoever checks (F02).
std::optional<key_fault> find_rsa_fault(const EVP_PKEY* key) {
    if (bits_of(key) < limits::min_rsa_bits || bits_of(key) > limits::max_rsa_bits)
        return key_fault::bad_size;
    BIGNUM* raw = nullptr;
    demand_key(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &raw) == 1);
    const owned<BIGNUM> exponent(raw);
    const bool is_sound = BN_is_odd(exponent.get()) && !BN_is_one(exponent.get()) &&
                          BN_num_bits(exponent.get()) <= int{limits::max_exponent_bits};
    return is_sound ? std::nullopt : std::optional(key_fault::bad_number);
}

/// Text of a memory BIO that wipes itself.
secret secret_of(BIO* bio) {
    BUF_MEM* memory = nullptr;
    BIO_get_mem_ptr(bio, &memory);
    demand_key(memory != nullptr);
    return secret(std::string(memory->data, memory->length));
}

int no_passphrase(char* /*into*/, int /*size*/, int /*writing*/, void* /*context*/) {
    return -1;
}

/// All of the octets, as one RSA key. Null: they are none.
key_handle read_rsa_octets(std::string_view octets) {
    const auto size = static_cast<long>(octets.size());
    const auto* at = as_octets(octets);
    const auto* const end = at + octets.size();
    key_handle key(d2i_PUBKEY(nullptr, &at, size));
    if (key == nullptr) {
        at = as_octets(octets);
        key.reset(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, size));
    }
    if (at != end) key.reset();
    return key;
}

bool verify_rsa(EVP_PKEY* key, std::string_view hash, std::string_view signature) {
    const owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(key, nullptr));
    return context != nullptr && EVP_PKEY_verify_init(context.get()) == 1 &&
           EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
           EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256()) == 1 &&
           EVP_PKEY_verify(context.get(), as_octets(signature), signature.size(), as_octets(hash),
                           hash.size()) == 1;
}

bool verify_ed25519(EVP_PKEY* key, std::string_view hash, std::string_view signature) {
    const owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    return context != nullptr &&
           EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key) == 1 &&
           EVP_DigestVerify(context.get(), as_octets(signature), signature.size(), as_octets(hash),
                            hash.size()) == 1;
}

std::string sign_rsa(EVP_PKEY* key, std::string_view hash) {
    const owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(key, nullptr));
    demand_key(context != nullptr && EVP_PKEY_sign_init(context.get()) == 1 &&
               EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
               EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256()) == 1);
    std::string made(static_cast<std::size_t>(EVP_PKEY_get_size(key)), '\0');
    std::size_t size = made.size();
    demand_key(EVP_PKEY_sign(context.get(), reinterpret_cast<unsigned char*>(made.data()), &size,
                             as_octets(hash), hash.size()) == 1);
    made.resize(size);
    return made;
}

std::string sign_ed25519(EVP_PKEY* key, std::string_view hash) {
    const owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    demand_key(context != nullptr &&
               EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key) == 1);
    std::string made(static_cast<std::size_t>(EVP_PKEY_get_size(key)), '\0');
    std::size_t size = made.size();
    demand_key(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(made.data()), &size,
                              as_octets(hash), hash.size()) == 1);
    made.resize(size);
    return made;
}

}  // namespace

private_key private_key::generate(key_type type) {
    key_handle made(type == key_type::rsa ? EVP_RSA_gen(generated_rsa_bits)
                                          : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    demand_key(made != nullptr);
    return private_key(std::move(made), type);
}

boost::system::result<private_key, key_fault> private_key::checked(key_handle handle) {
    if (handle == nullptr) return key_fault::not_a_key;
    const auto type = type_of(handle.get());
    if (!type) return key_fault::wrong_type;
    if (*type == key_type::rsa)
        if (const auto wrong = find_rsa_fault(handle.get())) return *wrong;
    return private_key(std::move(handle), *type);
}

boost::system::result<private_key, key_fault> private_key::from_pem(std::string_view pem) {
    if (pem.size() > max_key_octets) return key_fault::not_a_key;
    const error_queue quiet;
    const owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    demand_key(bio != nullptr);
    return checked(key_handle(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr)));
}

boost::system::result<private_key, key_fault> private_key::from_der(std::string_view der) {
    if (der.size() > max_key_octets) return key_fault::not_a_key;
    const error_queue quiet;
    const auto* at = as_octets(der);
    key_handle read(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size())));
    if (at != as_octets(der) + der.size()) read.reset();
    return checked(std::move(read));
}

secret private_key::to_pem() const {
    const owned<BIO> bio(BIO_new(BIO_s_secmem()));
    demand_key(bio != nullptr && PEM_write_bio_PKCS8PrivateKey(bio.get(), handle_.get(), nullptr,
                                                               nullptr, 0, nullptr, nullptr) == 1);
    return secret_of(bio.get());
}

secret private_key::to_der() const {
    const owned<BIO> bio(BIO_new(BIO_s_secmem()));
    demand_key(bio != nullptr && i2d_PKCS8PrivateKey_bio(bio.get(), handle_.get(), nullptr, nullptr,
                                                         0, nullptr, nullptr) == 1);
    return secret_of(bio.get());
}

unsigned private_key::bits() const noexcept {
    return bits_of(handle_.get());
}

std::string private_key::public_octets() const {
    if (type_ == key_type::ed25519) {
        std::string octets(ed25519_key_octets, '\0');
        std::size_t size = octets.size();
        demand_key(EVP_PKEY_get_raw_public_key(
                       handle_.get(), reinterpret_cast<unsigned char*>(octets.data()), &size) == 1);
        return octets;
    }
    const int size = i2d_PUBKEY(handle_.get(), nullptr);
    demand_key(size > 0);
    std::string octets(static_cast<std::size_t>(size), '\0');
    auto* at = reinterpret_cast<unsigned char*>(octets.data());
    demand_key(i2d_PUBKEY(handle_.get(), &at) == size);
    return octets;
}

std::string private_key::sign(std::string_view hash) const {
    return type_ == key_type::rsa ? sign_rsa(handle_.get(), hash)
                                  : sign_ed25519(handle_.get(), hash);
}

boost::system::result<public_key, key_fault> public_key::from_octets(key_type type,
                                                                     std::string_view octets) {
    if (octets.size() > limits::max_key_record_octets) return key_fault::not_a_key;
    const error_queue quiet;
    if (type == key_type::ed25519) {
        if (octets.size() != ed25519_key_octets) return key_fault::bad_size;
        key_handle key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, as_octets(octets),
                                                   octets.size()));
        if (key == nullptr) return key_fault::not_a_key;
        return public_key(std::move(key), type);
    }
    auto key = read_rsa_octets(octets);
    if (key == nullptr) return key_fault::not_a_key;
    if (type_of(key.get()) != key_type::rsa) return key_fault::wrong_type;
    if (const auto wrong = find_rsa_fault(key.get())) return *wrong;
    return public_key(std::move(key), type);
}

unsigned public_key::bits() const noexcept {
    return bits_of(handle_.get());
}

bool public_key::verifies(std::string_view hash, std::string_view signature) const {
    const error_queue quiet;
    return type_ == key_type::rsa ? verify_rsa(handle_.get(), hash, signature)
                                  : verify_ed25519(handle_.get(), hash, signature);
}

}  // namespace hauspost::dkim
