#include "server/auth/password_hash.hpp"

#include "base/random.hpp"

#include <argon2.h>

#include <charconv>
#include <stdexcept>

namespace hauspost::auth {
namespace {

constexpr std::size_t salt_octets = 16;  // RFC 9106 3.1
constexpr std::size_t hash_octets = 32;

[[noreturn]] void refuse(int code) {
    throw std::runtime_error(std::string("Argon2: ") + argon2_error_message(code));
}

}  // namespace

std::string hash_password(std::string_view password, argon2_parameters cost) {
    const auto salt = random::octets(salt_octets);
    std::string phc(argon2_encodedlen(cost.passes, cost.memory_kib, cost.lanes, salt_octets,
                                      hash_octets, Argon2_id),
                    '\0');
    const int code = argon2id_hash_encoded(cost.passes, cost.memory_kib, cost.lanes,
                                           password.data(), password.size(), salt.data(),
                                           salt.size(), hash_octets, phc.data(), phc.size());
    if (code != ARGON2_OK) refuse(code);
    phc.resize(phc.find('\0'));
    return phc;
}

bool verify_password(const std::string& phc, std::string_view password) {
    const int code = argon2id_verify(phc.c_str(), password.data(), password.size());
    if (code == ARGON2_OK) return true;
    if (code == ARGON2_VERIFY_MISMATCH) return false;
    refuse(code);
}

std::optional<argon2_parameters> cost_of(std::string_view phc) {
    argon2_parameters cost;
    const auto take = [&phc](std::string_view name, std::uint32_t& number) {
        if (!phc.starts_with(name)) return false;
        const auto* begin = phc.data() + name.size();
        const auto [end, wrong] = std::from_chars(begin, phc.data() + phc.size(), number);
        if (wrong != std::errc()) return false;
        phc.remove_prefix(static_cast<std::size_t>(end - phc.data()));
        return true;
    };
    const bool is_ours = take("$argon2id$v=19$m=", cost.memory_kib) && take(",t=", cost.passes) &&
                         take(",p=", cost.lanes) && phc.starts_with('$');
    if (!is_ours) return std::nullopt;
    return cost;
}

bool needs_rehash(std::string_view phc, argon2_parameters cost) {
    return cost_of(phc) != cost;
}

}  // namespace hauspost::auth
