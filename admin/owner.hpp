#pragma once

#include "admin/caller.hpp"
#include "admin/ports.hpp"
#include "admin/refusal.hpp"
#include "base/secret.hpp"
#include "storage/owner.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::admin {

// Use cases on the owner: there is one, nobody can be made a second one, and no use case gives
// anybody any right. What a browser calls before it is signed in (open_setup, sign_in) leaves its own
// entry in the audit log; all else leaves it where commands are run (api::run).

inline constexpr std::int64_t setup_link_seconds = 24 * 60 * 60;
/// A session that is used is written down as seen so seldom.
inline constexpr std::int64_t seen_apart_seconds = 60;
inline constexpr std::size_t recovery_code_count = 8;

// --- the command line ------------------------------------------------------------------------

/// "https://mail.example.org:8443/setup#SECRET": what stands behind # reaches no server and no log.
struct made_setup_link {
    made_setup_link() = default;
    secret url;
    std::int64_t expires_at = 0;
    bool is_page_off = false;  // nothing listens there
};

/// Replaces the link before. Refuses owner_is_set_up.
awaitable<outcome<made_setup_link>> make_setup_link(ports& at);
/// Takes password, second factor and all sessions away, and makes a new link.
awaitable<outcome<made_setup_link>> reset_owner(ports& at);
/// For a start of the server. nullopt: the owner has a password, or a link waits to be used.
awaitable<std::optional<made_setup_link>> make_first_setup_link(ports& at);

struct shown_owner {
    shown_owner() = default;
    bool has_password = false;
    std::int64_t password_changed_at = 0;
    bool is_totp_on = false;
    std::size_t recovery_codes = 0;  // that are left
    std::string language;
    std::size_t sessions = 0;
    std::int64_t link_expires_at = 0;  // 0: no link waits to be used
};
awaitable<shown_owner> show_owner(ports& at);

/// Those that are not over, newest first.
awaitable<std::vector<storage::web_session>> list_owner_sessions(ports& at);
/// By what people tell sessions from one another, which opens none.
[[nodiscard]] std::string id_of(const storage::web_session& one);
/// Refuses no_such_session.
awaitable<outcome<std::string>> end_owner_session(ports& at, std::string id);

// --- who comes by browser --------------------------------------------------------------------

/// A session that has just begun; its id goes to the browser and is kept nowhere.
struct opened_session {
    opened_session() = default;
    secret id;
    storage::web_session row;
};

/// Who it is that has no session yet.
struct visitor {
    visitor() = default;
    std::string address;  // of the network
    std::string agent;
};

/// Spends a set-up link: its session may choose the password and nothing else.
/// link_secret  what stands behind #
/// Refuses      no_setup_link
awaitable<outcome<opened_session>> open_setup(ports& at, secret link_secret, visitor who);

struct owner_credentials {
    owner_credentials() = default;
    secret password;
    secret code;  // of the app, or a recovery code; empty: none was asked for yet
};
/// Always a session with a new id, whatever the browser had before.
/// Refuses  owner_wrong, owner_wait, code_wanted, wrong_code, used_code
awaitable<outcome<opened_session>> sign_in(ports& at, owner_credentials given, visitor who);

/// The session of an id. One small read, and at most once a minute a write.
/// is_used  false: what pages ask for by themselves; the session does not live longer for it
/// nullopt: there is none, or it is over
awaitable<std::optional<storage::web_session>> find_session(ports& at, secret id, bool is_used);

/// The session with this key stands, and is no set-up's. One small read; it does not live longer for it.
awaitable<bool> is_session_open(ports& at, sha256_digest key);

/// An id that is not there is none. Leaves no entry: nothing but the session ends.
awaitable<outcome<bool>> sign_out(ports& at, secret id);

// --- the owner's own settings -------------------------------------------------------------------

struct new_owner_password {
    new_owner_password() = default;
    std::optional<secret> password;  // none: one is generated and told
    secret present;                  // of the owner at his page: what it was until now
};
struct changed_owner_password {
    changed_owner_password() = default;
    secret generated;                      // empty: the password was given
    std::optional<opened_session> opened;  // of a browser: the session it goes on with
};
/// Ends all sessions, and the link when one waits. The second factor stays.
/// Refuses  owner_wrong, owner_wait (of present), password_refused, password_reused, not_signed_in,
///          changed_meanwhile
awaitable<outcome<changed_owner_password>> set_owner_password(ports& at,
                                                              caller who,
                                                              new_owner_password wanted);

struct begun_totp {
    begun_totp() = default;
    secret key;  // base32, as it is typed into an app
    secret uri;  // "otpauth://totp/...", as a QR code holds it
};
/// A new key, which counts once a code of it was given. Refuses totp_is_on.
awaitable<outcome<begun_totp>> begin_totp(ports& at);
struct enabled_totp {
    enabled_totp() = default;
    std::vector<secret> recovery_codes;
};
/// Refuses no_totp_begun, totp_is_on, wrong_code.
awaitable<outcome<enabled_totp>> enable_totp(ports& at, std::string code);
/// present  of the owner at his page: his password
/// Refuses  totp_is_off, owner_wrong, owner_wait
awaitable<std::optional<refusal>> disable_totp(ports& at, caller who, secret present);

/// "de", "en", or "" for the browser's. Refuses not_a_language.
awaitable<std::optional<refusal>> set_owner_language(ports& at, std::string language);

// --- passwords in general ---------------------------------------------------------------------

struct checked_password {
    checked_password() = default;
    std::vector<sasl::password_fault> faults;  // empty: it may be used
    std::uint32_t score = 0;                   // 0 to 4
    sasl::password_rules rules;
};
/// What is wrong with a password that somebody is typing; nothing is kept of it.
/// address  whose it is to be; empty: the owner's
awaitable<outcome<checked_password>> check_password(ports& at, std::string address, secret typed);

}  // namespace hauspost::admin
