#include "base/sha256.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>

namespace hauspost {

sha256_digest sha256(std::string_view octets) {
    sha256_digest out{};
    unsigned length = 0;
    if (EVP_Digest(octets.data(), octets.size(), reinterpret_cast<unsigned char*>(out.data()),
                   &length, EVP_sha256(), nullptr) != 1 ||
        length != out.size())
        throw std::runtime_error("SHA-256 failed");
    return out;
}

std::string to_hex(std::string_view octets) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(octets.size() * 2);
    for (const char c : octets) {
        const auto octet = static_cast<unsigned char>(c);
        out.push_back(digits[octet >> 4]);
        out.push_back(digits[octet & 15]);
    }
    return out;
}

std::optional<sha256_digest> digest_of(std::string_view octets) noexcept {
    sha256_digest out{};
    if (octets.size() != out.size()) return std::nullopt;
    std::copy(octets.begin(), octets.end(), out.begin());
    return out;
}

}  // namespace hauspost
