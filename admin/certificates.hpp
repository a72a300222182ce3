#pragma once

#include "admin/certificate_view.hpp"
#include "admin/ports.hpp"
#include "admin/refusal.hpp"
#include "base/awaitable.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::admin {

/// What is wrong with a certificate, or will be, the worst first.
enum class certificate_problem : std::uint8_t {
    expired,
    not_yet,         // valid
    ends_this_week,  // within 7 days
    wrong_name,      // not for the server's name
    ends_soon,       // within 21 days
    file_is_another,
    self_signed,
    no_chain,  // mail programs may not know who made it
};

struct listed_certificate {
    listed_certificate() = default;
    seen_certificate seen;
    std::vector<certificate_problem> problems;
};

struct certificate_list {
    certificate_list() = default;
    std::string hostname;
    std::vector<listed_certificate> certificates;
    std::vector<tls_listener> listeners;
};

awaitable<certificate_list> list_certificates(ports& at);

/// Reads certificate and key from their files again, without a restart.
awaitable<outcome<certificate_list>> reload_certificates(ports& at);

}  // namespace hauspost::admin
