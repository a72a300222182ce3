#include "server/config/listener_roles.hpp"

#include <array>

namespace hauspost::server {
namespace {

constexpr std::array roles{
    listener_role{"smtp", "smtp", 25, tls_start::on_command},
    listener_role{"submission", "submission", 587, tls_start::on_command},
    listener_role{"submissions", "submission", 465, tls_start::at_once},
    listener_role{"imap", "imap", 143, tls_start::on_command},
    listener_role{"imaps", "imap", 993, tls_start::at_once},
    listener_role{"pop3", "pop3", 110, tls_start::on_command},
    listener_role{"pop3s", "pop3", 995, tls_start::at_once},
    listener_role{"http", "http", 80, tls_start::never},
    listener_role{"https", "http", 443, tls_start::at_once},
    listener_role{"admin", "admin", 8443, tls_start::at_once, true},
};

}  // namespace

std::span<const listener_role> listener_roles() noexcept {
    return roles;
}

}  // namespace hauspost::server
