#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "server/auth/authenticator.hpp"
#include "server/auth/ban_book.hpp"
#include "server/auth/keyed_digest.hpp"
#include "server/auth/lockout.hpp"
#include "server/auth/owner_throttle.hpp"
#include "storage/owner_store.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::auth {

/// What came of a try to be the owner.
struct owner_verdict {
    enum class kind : std::uint8_t {
        right,
        wrong,        // password; also when none was chosen yet
        code_wanted,  // the password is right, and there is a second factor
        wrong_code,
        used_code,
        wait,  // nothing was tried
        busy,  // too many hashes wait
        unsaved
    };
    kind of = kind::wrong;
    std::uint32_t tries_left = 0;  // of wrong, wrong_code, used_code: before a pause
    std::chrono::seconds pause{};  // of wait
    error_code failed;             // of unsaved: what the store says
};

/// The verdict on the owner's password and second factor: a code of his app, good once, or one of
/// the recovery codes that he keeps on paper.
///
/// It costs one hash, on the authenticator's threads, whatever is wrong and whether there is an owner
/// at all (E01, G11). Wrong tries make a network wait (owner_throttle); many different wrong passwords
/// shut out as for mail (lockout), from wherever they come, but never a network from which the owner
/// has signed in before. The command line needs none of this. A right sign-in whose hash was made at
/// another cost than the configured one renews it.
///
/// Thread: any; all resume on the caller's executor.
class owner_login {
public:
    struct settings {
        lockout_settings lockout;
        std::function<steady_time()> now = [] { return std::chrono::steady_clock::now(); };
        ban_book* bans =
            nullptr;  // where bans are written down; null: nowhere. Outlives this object
    };

    /// All outlive this object.
    owner_login(storage::owner_store& owners,
                authenticator& hashes,
                const clock& time,
                settings config);

    /// Opens the session when all is right, and spends the code by the same commit.
    /// code    six digits of the app, or a recovery code; empty: none was given
    /// opened  its key, times and where it comes from
    awaitable<owner_verdict> sign_in(secret password,
                                     secret code,
                                     storage::web_session opened,
                                     storage::session_limits limits);

    /// Of somebody who has a session already, before what only the owner himself may do.
    awaitable<owner_verdict> check_password(secret password, std::string peer);

    /// One of the owner's page that was made before this start: it holds at once.
    void take_up(const known_ban& ban);
    /// The networks of these sessions are known as his.
    void take_up(const std::vector<storage::web_session>& sessions);
    void lift(const storage::ban_name& name);

private:
    [[nodiscard]] attempt describe(const secret& password,
                                   const secret& code,
                                   const std::string& peer) const;
    /// nullopt: it may be tried.
    [[nodiscard]] std::optional<owner_verdict> refuse_for_now(const attempt& who);
    [[nodiscard]] digest digest_of_network(std::string_view network) const;
    [[nodiscard]] digest digest_of_pair(std::string_view network) const;
    [[nodiscard]] digest digest_of_owner() const;
    /// nullopt: the owner's row changed while the password was hashed.
    awaitable<std::optional<owner_verdict>> look_once(const attempt& who,
                                                      secret password,
                                                      const secret& code,
                                                      storage::web_session opened,
                                                      storage::session_limits limits);
    awaitable<void> renew(std::string old_hash, std::string fresh);
    owner_verdict note_wrong(const attempt& who, owner_verdict::kind of, const std::string& peer);
    void note_bans(const attempt& who, const std::string& peer);
    void note_right(const attempt& who, const std::string& peer);

    storage::owner_store& owners_;
    authenticator& hashes_;
    const clock& time_;
    const settings settings_;
    const keyed_digest digest_of_;
    owner_throttle throttle_;
    lockout lockout_;
};

}  // namespace hauspost::auth
