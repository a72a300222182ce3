#pragma once

#include "base/awaitable.hpp"
#include "base/function_ref.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

#include <string>
#include <string_view>
#include <type_traits>

namespace hauspost::sasl {

/// Who a session is, once its password was right.
struct identity {
    identity() = default;
    identity(account_id id, std::string name) : account(id), address(std::move(name)) {}
    account_id account;
    std::string address;  // the login, in lower case
};

/// Who signs in, besides his name. The texts are as they came.
struct client {
    std::string_view protocol;  // "imap", "pop3", "submission"
    std::string_view address;   // in the network
    std::string_view program;   // what it calls itself; empty: it does not say
    bool is_encrypted = false;
};

enum class errc {
    ok = 0,
    wrong = 1,  // unknown user or wrong password: never told apart
    disabled,   // the account exists, the password was right, logins are switched off
    busy,       // the hash pool is full: RFC 5530 UNAVAILABLE, 454 4.7.0
    throttled,  // too many distinct wrong passwords from this network
};
const boost::system::error_category& category() noexcept;
inline error_code make_error_code(errc code) noexcept {
    return {static_cast<int>(code), category()};
}

/// The port by which protocols ask for the verdict on a password; server/auth implements it.
class credentials {
public:
    virtual ~credentials() = default;

    /// user      as typed; compared without case; always the full address
    /// password  as typed; compared in the form of RFC 8265 4.2
    /// peer      the client's network address, for throttling and the log
    /// listen    called with the account once the password was right. From then on the caller hears
    ///           when the account changes; only then account and password are looked at for the
    ///           last time, so that no change of them is missed. May be called more than once, and
    ///           before a refusal
    /// Refuses   sasl::errc. Takes the same time for unknown users as for wrong passwords.
    /// Throws    storage::fault
    /// Thread    any; resumes on the caller's executor
    virtual awaitable<result<identity>> check(std::string user,
                                              secret password,
                                              std::string peer,
                                              function_ref<void(account_id)> listen) = 0;

    /// This one was let in, or has said only then which program it is. For whoever keeps that; never waits.
    virtual void note_client(account_id, const client&) noexcept {}
};

}  // namespace hauspost::sasl

template <>
struct boost::system::is_error_code_enum<hauspost::sasl::errc> : std::true_type {};
