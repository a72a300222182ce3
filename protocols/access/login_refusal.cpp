#include "protocols/access/login_refusal.hpp"

#include "protocols/sasl/credentials.hpp"

namespace hauspost::access {
namespace {

// Never tells whether there is such a user.
constexpr login_refusal wrong{
    "wrong user name or password: the user name is the whole address, and only the owner sets "
    "passwords",
    "AUTHENTICATIONFAILED",
    "AUTH",
    535,
    "5.7.8",
    "wrong_password"};
constexpr login_refusal disabled{"logins are disabled for this account",
                                 "CONTACTADMIN",
                                 "SYS/PERM",
                                 535,
                                 "5.7.13",
                                 "switched_off"};  // 5.7.13: RFC 5248
constexpr login_refusal busy{
    "too many logins at once, try again later", "UNAVAILABLE", "SYS/TEMP", 454, "4.7.0", "busy"};
constexpr login_refusal throttled{
    "too many wrong passwords, try again later", "UNAVAILABLE", "SYS/TEMP", 454, "4.7.0", "banned"};
constexpr login_refusal fault{
    "server error, try again later", "SERVERBUG", "SYS/TEMP", 454, "4.3.0", "fault"};

}  // namespace

const login_refusal& refusal_of(error_code why) noexcept {
    if (why.category() != sasl::category()) return fault;
    switch (static_cast<sasl::errc>(why.value())) {
    case sasl::errc::ok: break;
    case sasl::errc::wrong: return wrong;
    case sasl::errc::disabled: return disabled;
    case sasl::errc::busy: return busy;
    case sasl::errc::throttled: return throttled;
    }
    return fault;
}

}  // namespace hauspost::access
