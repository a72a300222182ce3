#include "server/auth/keyed_digest.hpp"

#include "base/octets.hpp"
#include "base/random.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

namespace hauspost::auth {

keyed_digest::keyed_digest() : key_(random::octets(32)) {}

keyed_digest::~keyed_digest() {
    OPENSSL_cleanse(key_.data(), key_.size());
}

digest keyed_digest::operator()(std::initializer_list<std::string_view> parts) const {
    std::size_t octets = 0;
    for (const auto part : parts)
        octets += part.size() + sizeof(std::uint32_t);
    std::string joined;
    joined.reserve(octets);  // so that no copy of a password is left behind by growing
    for (const auto part : parts)
        append_text(joined, part);
    digest out{};
    unsigned length = 0;
    const auto* made = HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
                            reinterpret_cast<const unsigned char*>(joined.data()), joined.size(),
                            out.data(), &length);
    OPENSSL_cleanse(joined.data(), joined.size());
    if (made == nullptr || length != out.size()) throw std::runtime_error("HMAC-SHA256 failed");
    return out;
}

}  // namespace hauspost::auth
