#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "storage/owner.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace hauspost::admin {

/// What came of a try to be the owner.
struct door_verdict {
    enum class kind : std::uint8_t {
        right,
        wrong,        // the password, or there is no owner yet
        code_wanted,  // the password is right, and there is a second factor
        wrong_code,
        used_code,
        wait,  // nothing was tried
        busy,
        unsaved
    };
    door_verdict() = default;
    kind of = kind::wrong;
    std::uint64_t number = 0;  // of wait: seconds; of what was wrong: tries before the next pause
    error_code failed;         // of unsaved: the store's refusal
};

/// The port to the verdict on the owner's password and codes, and to who has tried too often;
/// implemented in server/ over server/auth.
///
/// Throws  storage::fault
/// Thread  any; all resume on the caller's executor
class owner_door {
public:
    virtual ~owner_door() = default;

    /// Opens the session when all is right, and spends the code by the same commit.
    /// code  empty: none was given
    virtual awaitable<door_verdict> sign_in(secret password,
                                            secret code,
                                            storage::web_session opened,
                                            storage::session_limits limits) = 0;
    /// Of somebody at the page who is signed in; counts as a sign-in when it is wrong.
    virtual awaitable<door_verdict> check_password(secret password, std::string peer) = 0;
    /// Whether this is the owner's password now; counts nothing.
    /// Returns  nullopt when too many wait
    virtual awaitable<std::optional<bool>> is_present(std::string password_hash,
                                                      secret password) = 0;
    /// The step of the time of which this is the code (RFC 6238). nullopt: of none.
    [[nodiscard]] virtual std::optional<std::uint64_t> find_step(const secret& totp_key,
                                                                 const std::string& code) const = 0;
};

}  // namespace hauspost::admin
