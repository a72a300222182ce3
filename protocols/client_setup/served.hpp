#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::client_setup {

/// What one person's mail program has to know. Passwords are never part of it.
struct served {
    std::string hostname;  // in A-labels; of all services
    // Port 0: not offered. With an s: TLS from the first octet; else STARTTLS or STLS.
    std::uint16_t imaps = 0;
    std::uint16_t imap = 0;
    std::uint16_t pop3s = 0;
    std::uint16_t pop3 = 0;
    std::uint16_t submissions = 0;
    std::uint16_t submission = 0;
    std::string domain;        // of the address, in A-labels
    std::string address;       // canonical: the user name, everywhere; "": not known
    std::string display_name;  // of the person, UTF-8; "": not known
};

/// One way to reach a service.
struct offer {
    std::uint16_t port = 0;
    bool is_tls = false;  // from the first octet, else by STARTTLS or STLS
};

/// All ways that are offered, TLS from the first octet before the other (RFC 8314 3.3).
[[nodiscard]] std::vector<offer> imap_offers(const served& of);
[[nodiscard]] std::vector<offer> pop3_offers(const served& of);
[[nodiscard]] std::vector<offer> submission_offers(const served& of);

/// Whether an account can be set up at all: mail can be read, and sent.
[[nodiscard]] bool is_complete(const served& of);

}  // namespace hauspost::client_setup
