#include "certs/certificate_facts.hpp"

#include "certs/name_text.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <array>
#include <new>

namespace hauspost::certs {

std::string issuer_of(const certificate& one) {
    return name_text(X509_get_issuer_name(one.own.get()));
}

std::string key_kind(const certificate& one) {
    const EVP_PKEY* key = X509_get0_pubkey(one.own.get());
    std::array<char, 64> name{};
    std::size_t length = 0;
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA: return "RSA " + std::to_string(EVP_PKEY_get_bits(key));
    case EVP_PKEY_EC:
        if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &length) != 1) return "EC";
        // OpenSSL has its own words for the curves of NIST.
        if (std::string_view(name.data()) == "prime256v1") return "EC P-256";
        if (std::string_view(name.data()) == "secp384r1") return "EC P-384";
        if (std::string_view(name.data()) == "secp521r1") return "EC P-521";
        return "EC " + std::string(name.data());
    default: break;
    }
    const char* type = EVP_PKEY_get0_type_name(key);
    return type == nullptr ? "" : type;
}

std::string fingerprint(const certificate& one) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned length = 0;
    if (X509_digest(one.own.get(), EVP_sha256(), hash.data(), &length) != 1) throw std::bad_alloc();
    std::string text;
    for (unsigned i = 0; i < length; ++i) {
        text.push_back(digits[hash[i] >> 4]);
        text.push_back(digits[hash[i] & 15]);
    }
    return text;
}

bool is_self_signed(const certificate& one) {
    return X509_self_signed(one.own.get(), 0) == 1;
}

std::size_t intermediates_of(const certificate& one) {
    return one.chain ? static_cast<std::size_t>(sk_X509_num(one.chain.get())) : 0;
}

}  // namespace hauspost::certs
