#include "server/auth/totp.hpp"

#include "base/octets.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace hauspost::auth::totp {
namespace {

constexpr unsigned max_digits = 8;

}  // namespace

std::string hotp(std::string_view key, std::uint64_t counter, unsigned length) {
    std::string message;
    append_be(message, counter);
    std::array<unsigned char, 20> mac{};
    unsigned octets = 0;
    const auto* made = HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()),
                            reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                            mac.data(), &octets);
    if (made == nullptr || octets != mac.size() || length > max_digits)
        throw std::runtime_error("HMAC-SHA-1 failed");
    const std::size_t at = mac.back() & 0x0f;
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < sizeof(number); ++i)
        number = (number << 8) | mac.at(at + i);
    number &= 0x7fff'ffff;
    std::string code(length, '0');
    for (auto digit = code.rbegin(); digit != code.rend(); ++digit, number /= 10)
        *digit = static_cast<char>('0' + number % 10);
    return code;
}

std::optional<std::uint64_t> find_step(std::string_view key,
                                       std::string_view typed,
                                       std::int64_t unix_seconds) {
    std::string code;
    for (const char c : typed.substr(0, 4 * digits))
        if (c != ' ') code.push_back(c);
    if (code.size() != digits || key.empty()) return std::nullopt;
    const auto now = step_at(unix_seconds);
    std::optional<std::uint64_t> found;
    for (auto step = now - std::min(now, drift_steps); step <= now + drift_steps; ++step) {
        const auto right = hotp(key, step, digits);
        if (CRYPTO_memcmp(right.data(), code.data(), digits) == 0) found = step;
    }
    OPENSSL_cleanse(code.data(), code.size());
    return found;
}

}  // namespace hauspost::auth::totp
