#pragma once

#include "base/secret.hpp"
#include "base/sha256.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Values of the owner: the one person who may do all. There are no roles and no second owner, so
/// there is one row, and no field of anything else says that it may do as much.
namespace hauspost::storage {

struct owner {
    owner() = default;
    std::string password_hash;                  // Argon2id, PHC form; empty: none was chosen yet
    std::int64_t password_changed_at = 0;       // Unix seconds
    secret totp_key;                            // octets; empty: none was made
    bool is_totp_on = false;                    // else the key waits for its first code
    std::uint64_t totp_step = 0;                // of the last code that was good (RFC 6238 4.2)
    std::vector<sha256_digest> recovery_codes;  // those that nobody has used yet
    std::string language;                       // "de"; empty: the browser's
    std::uint64_t version = 0;                  // another with each change; 0: never changed

    [[nodiscard]] bool has_password() const noexcept { return !password_hash.empty(); }

    static constexpr std::size_t max_hash_octets = 256;
    static constexpr std::size_t max_key_octets = 64;
    static constexpr std::size_t max_recovery_codes = 16;
    static constexpr std::size_t max_language_octets = 16;
};

/// What opens the set-up of an owner without a password: good once.
struct setup_link {
    sha256_digest digest{};  // of its secret
    std::int64_t made_at = 0;
    std::int64_t expires_at = 0;  // from then on it is good no more
};

/// Somebody who sits before the owner's page.
struct web_session {
    web_session() = default;
    sha256_digest key{};  // of its id, which its browser alone has
    std::int64_t made_at = 0;
    std::int64_t seen_at = 0;
    std::string address;    // of the network; longer ones are cut by the store
    std::string agent;      // what the browser calls itself; cut alike
    bool is_setup = false;  // may choose the owner's password and nothing else

    static constexpr std::size_t max_address_octets = 64;
    static constexpr std::size_t max_agent_octets = 200;
};

/// Which sessions are over.
struct session_limits {
    std::int64_t made_before = 0;
    std::int64_t seen_before = 0;
    [[nodiscard]] bool is_over(const web_session& one) const noexcept {
        return one.made_at < made_before || one.seen_at < seen_before;
    }
};

/// By what somebody has shown that he is the owner.
struct owner_proof {
    owner_proof() = default;
    std::string password_hash;  // that his password fits
    // The second factor, where it is on: one of both.
    std::uint64_t totp_step = 0;
    std::optional<sha256_digest> recovery_code;
};

enum class sign_in_end : std::uint8_t {
    opened,
    code_used,         // the code was used before, or one that is newer
    changed_meanwhile  // the owner's password, or that there is a second factor
};

}  // namespace hauspost::storage
