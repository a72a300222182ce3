#pragma once

#include "base/secret.hpp"
#include "protocols/dkim/key_record.hpp"
#include "protocols/dkim/key_type.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

// OpenSSL's own name of its keys.
using EVP_PKEY = struct evp_pkey_st;

namespace hauspost::dkim {

/// OpenSSL could not do what it always can: no memory, no random numbers.
class key_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Why octets are not a key that can be used.
enum class key_fault : std::uint8_t {
    not_a_key,   // cannot be read, or more follows; a PEM with a passphrase
    wrong_type,  // neither RSA nor Ed25519, or not the one that was announced
    bad_size,    // RSA of less than limits::min_rsa_bits or more than max_rsa_bits
    bad_number,  // an even or a huge RSA exponent
};

struct free_key {
    void operator()(EVP_PKEY* key) const noexcept;
};
using key_handle = std::unique_ptr<EVP_PKEY, free_key>;

/// The key that signs for a domain. It leaves this object as a `secret` alone, which wipes itself.
/// Thread: any, many at a time (const functions).
class private_key {
public:
    static constexpr unsigned generated_rsa_bits = 2048;  // RFC 8301 3.2

    /// A new key. RSA takes some 100 ms of CPU: never on a network thread.
    /// Throws  key_error
    [[nodiscard]] static private_key generate(key_type type);

    /// PKCS #8 or PKCS #1, without passphrase. Old keys of 1024 bits are taken; see bits().
    [[nodiscard]] static boost::system::result<private_key, key_fault> from_pem(
        std::string_view pem);
    [[nodiscard]] static boost::system::result<private_key, key_fault> from_der(
        std::string_view der);

    /// PKCS #8. Throws key_error.
    [[nodiscard]] secret to_pem() const;
    [[nodiscard]] secret to_der() const;

    [[nodiscard]] key_type type() const noexcept { return type_; }
    /// 2048 for example; 256 of Ed25519.
    [[nodiscard]] unsigned bits() const noexcept;

    /// What p= of the key record holds, before base64: SubjectPublicKeyInfo of RSA, the 32 octets of
    /// Ed25519 (RFC 8463 4.2). Throws key_error.
    [[nodiscard]] std::string public_octets() const;
    /// The text of the TXT record that belongs to it. Throws key_error.
    [[nodiscard]] std::string record_text() const {
        return write_key_record(type_, public_octets());
    }

    /// Signs a SHA-256: RSASSA-PKCS1-v1_5 (RFC 6376 3.3.2), or PureEdDSA over the 32 octets of the
    /// hash (RFC 8463 3). Throws key_error.
    [[nodiscard]] std::string sign(std::string_view hash) const;

private:
    private_key(key_handle handle, key_type type) : handle_(std::move(handle)), type_(type) {}
    [[nodiscard]] static boost::system::result<private_key, key_fault> checked(key_handle handle);

    key_handle handle_;
    key_type type_;
};

/// The key with which a signature is checked.
class public_key {
public:
    /// octets  of p=, decoded. RSA as SubjectPublicKeyInfo, and as the RSAPublicKey of which RFC 6376
    ///         3.6.1 speaks and that is in use too
    [[nodiscard]] static boost::system::result<public_key, key_fault> from_octets(
        key_type type, std::string_view octets);

    [[nodiscard]] key_type type() const noexcept { return type_; }
    [[nodiscard]] unsigned bits() const noexcept;
    /// signature  any octets
    [[nodiscard]] bool verifies(std::string_view hash, std::string_view signature) const;

private:
    public_key(key_handle handle, key_type type) : handle_(std::move(handle)), type_(type) {}

    key_handle handle_;
    key_type type_;
};

}  // namespace hauspost::dkim
