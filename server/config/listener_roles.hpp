#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace hauspost::server {

/// When the TLS of a connection begins.
enum class tls_start : std::uint8_t {
    never,       // the listener has none
    on_command,  // STARTTLS, STLS
    at_once,     // from the first octet
};

/// One way to be reached: a row of [listen] in the configuration, and a service behind it.
struct listener_role {
    std::string_view name;      // "imaps": in [listen], and in the log
    std::string_view protocol;  // "imap": which service it is
    std::uint16_t port = 0;     // where it listens when the configuration says nothing
    tls_start tls = tls_start::on_command;
    bool for_this_machine = false;  // and then at 127.0.0.1 alone

    /// "listen.imaps", as faults and the log name it.
    [[nodiscard]] std::string item() const { return "listen." + std::string(name); }
};

/// All there are, in the order of conf/hauspost.toml. A role of a protocol that is there is one row
/// more; a new protocol also needs its class in server/services/ and a line in service_list.cpp.
[[nodiscard]] std::span<const listener_role> listener_roles() noexcept;

}  // namespace hauspost::server
