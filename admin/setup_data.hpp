#pragma once

#include "admin/ports.hpp"
#include "admin/refusal.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::admin {

/// One way for a mail program to reach this server.
struct mail_service {
    enum class protocol : std::uint8_t { imap, pop3, smtp };
    protocol of = protocol::imap;
    std::uint16_t port = 0;
    bool is_starttls = false;  // else TLS from the first octet
};

/// What somebody types into a mail program: the user name is always the whole address.
struct setup_data {
    setup_data() = default;
    std::string address;  // canonical
    std::string host;
    std::vector<mail_service> services;  // the best way of each protocol first
    std::string profile_url;             // of an Apple device; "": not offered
};

/// Refuses  not_an_address, no_such_account
awaitable<outcome<setup_data>> show_setup_data(ports& at, std::string address);

}  // namespace hauspost::admin
