#pragma once

#include "base/log.hpp"
#include "protocols/imap/session/core/settings.hpp"
#include "protocols/net/connection_gate.hpp"
#include "protocols/pop3/session/settings.hpp"
#include "protocols/smtp/server/settings.hpp"
#include "server/auth/authenticator_settings.hpp"
#include "server/auth/owner_settings.hpp"
#include "server/auth/password_rules.hpp"
#include "server/config/listener_roles.hpp"
#include "server/delivery/sink_config.hpp"
#include "server/outbound/delivery_settings.hpp"
#include "server/outbound/sending_settings.hpp"
#include "storage/index/indexer_settings.hpp"
#include "storage/lmdb/store_options.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::server {

/// Where to listen. An empty address: all addresses of the machine, IPv4 and IPv6.
struct endpoint {
    std::string address;
    std::uint16_t port = 0;  // 0: a free one, told in the log
    friend auto operator<=>(const endpoint&, const endpoint&) = default;
};
using endpoints = std::vector<endpoint>;

/// Where each role listens.
struct listen_config {
    struct entry {
        const listener_role* role;
        endpoints at;
        friend bool operator==(const entry&, const entry&) = default;
    };
    std::vector<entry> all;  // one for each of listener_roles(), in that order

    /// All addresses of the machine, or those that the role says, each role at its own port.
    listen_config();

    /// Where a role listens. Throws std::out_of_range when there is no such role.
    [[nodiscard]] const endpoints& at(std::string_view name) const;
    /// The port that others are told of a role, its first one; 0: it is switched off.
    [[nodiscard]] std::uint16_t first_port(std::string_view name) const;
    friend bool operator==(const listen_config&, const listen_config&) = default;
};

struct tls_config {
    std::string certificate;  // PEM file with the chain; empty: self-signed
    std::string private_key;  // PEM file
    friend bool operator==(const tls_config&, const tls_config&) = default;
};

/// By which way mail for others leaves. Neither resolver nor relay: it waits in the queue.
struct sending_config {
    std::string resolver;       // "root", or addresses of DNS servers with blanks between
    std::string dnssec_anchor;  // file; empty: nothing is proven by DNSSEC
    std::string relay;          // "smtp.example.net:587"
    std::string relay_user;     // empty: nobody logs in
    std::string relay_password_file;
    std::string relay_of;  // "example.org smtp.example.net:587 user /etc/hauspost/relay.pw"
    bool relay_verify = true;
    std::string trusted_roots;  // PEM file; empty: the system's
    std::string report_language = "en";
    std::string rewrite_from = "needed";  // or "never": of what is sent on
    bool arc_seal = false;                // of what is sent on
    std::string messages_per_minute_of;   // "example.net 60, example.com 600"
    std::string reach_test =
        "gmail.com";  // whose servers are tried when the owner asks; "": nobody's
    std::string block_lists = "zen.spamhaus.org bl.spamcop.net";  // asked then; with blanks between

    [[nodiscard]] bool is_on() const noexcept { return !resolver.empty() || !relay.empty(); }
    friend bool operator==(const sending_config&, const sending_config&) = default;
};

/// The settings of all parts. Where a part has a struct of settings that is what stands here, with
/// its defaults: config_items.cpp says which item of the file sets which of its fields.
struct config {
    std::string hostname;  // empty: the machine's own name (hostname_of)
    std::string data_dir = "/var/lib/hauspost";
    std::uint32_t network_threads = 0;  // 0: one for each core
    std::string user;  // whom a start as root becomes once the ports are open; empty: nobody
    listen_config listen;
    tls_config tls;
    std::chrono::seconds tls_handshake{30};  // at a listener with TLS from the first octet
    std::chrono::seconds drain{30};          // for sessions when the server stops
    net::gate_limits gate;
    auth::password_rules passwords;
    auth::authenticator_settings logins;
    std::string never_banned;  // networks (network_list)
    auth::owner_settings admin;
    std::chrono::seconds dns_check{std::chrono::hours(6)};  // of our domains; 0: never
    std::uint64_t default_quota = 0;                        // octets; 0: none
    bool files_sent = true;  // of a new account: what it sends is filed in Sent
    storage::lmdb::store_options store;
    bool has_index = true;
    storage::index::indexer_settings index;
    delivery::sink_config delivery;
    sending_config sending;
    outbound::delivery_settings outgoing;  // without what `sending` says
    outbound::sending_settings senders;
    smtp::session_config smtp;
    smtp::session_config submission;
    std::size_t submission_sessions_per_account = 50;  // 0: no limit
    imap::session_config imap;
    std::size_t imap_sessions_per_account = 50;  // 0: no limit
    pop3::session_config pop3;
    log_settings log;
};

/// The name that the server greets with: the configured one, else the machine's.
[[nodiscard]] std::string hostname_of(const config& c);

/// One thing that is wrong in a configuration file, in words.
struct config_fault {
    std::uint32_t line = 0;  // from 1; 0: the file as a whole
    std::uint32_t column = 0;
    std::string what;    // what is wrong
    std::string remedy;  // what would be right; may be empty when `what` says it
};

/// Where an item stands in its file, both from 1.
struct config_place {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

struct loaded_config {
    config values;                     // defaults where the file says nothing or something wrong
    std::vector<config_fault> faults;  // all of them, by line; empty: the file is right
    std::vector<config_fault> notes;   // what the server starts with all the same, by line
    std::map<std::string, config_place, std::less<>> places;  // "tls.certificate", of those given
};

/// Reads TOML text. Finds all faults at once; a text that is not TOML at all has one.
[[nodiscard]] loaded_config parse_config(std::string_view toml_text);

inline constexpr std::size_t max_config_octets = 1024 * 1024;

/// Reads a file. Never throws for what stands in it, never waits.
[[nodiscard]] loaded_config load_config(const std::string& path);

/// One line in the log for each.
void log_notes(const std::vector<config_fault>& notes);

/// "PATH:12:5: what; remedy", one line per fault, each with its line end.
[[nodiscard]] std::string describe(const std::vector<config_fault>& faults,
                                   const std::string& path);

}  // namespace hauspost::server
