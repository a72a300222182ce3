#include "server/auth/password_hash.hpp"

#include "base/random.hpp"

#include <argon2.h>

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

bool needs_rehash(const std::string& phc, argon2_parameters cost) {
    const auto wanted = "$argon2id$v=19$m=" + std::to_string(cost.memory_kib) +
                        ",t=" + std::to_string(cost.passes) + ",p=" + std::to_string(cost.lanes) +
                        "$";
    return phc.compare(0, wanted.size(), wanted) != 0;
}

}  // namespace hauspost::auth
