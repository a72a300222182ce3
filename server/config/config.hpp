#pragma once

#include "server/config/listener_roles.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::server {

/// An amount of octets; in the file "50 MiB" or a plain number.
struct octet_size {
    std::uint64_t octets = 0;
    friend auto operator<=>(const octet_size&, const octet_size&) = default;
};

inline namespace config_literals {
constexpr octet_size operator""_kib(unsigned long long n) {
    return {n << 10};
}
constexpr octet_size operator""_mib(unsigned long long n) {
    return {n << 20};
}
constexpr octet_size operator""_gib(unsigned long long n) {
    return {n << 30};
}
}  // namespace config_literals

/// Where to listen. An empty address: all addresses of the machine, IPv4 and IPv6.
struct endpoint {
    std::string address;
    std::uint16_t port = 0;  // 0: a free one, told in the log
    friend auto operator<=>(const endpoint&, const endpoint&) = default;
};
using endpoints = std::vector<endpoint>;

// What each item means stands in conf/hauspost.toml; ranges and reloadability in
// config_items.cpp. Numbers of 0 that mean "off" are marked there.

struct server_config {
    std::string user;  // whom a start as root becomes once the ports are open; empty: nobody
    friend bool operator==(const server_config&, const server_config&) = default;
};

/// Where each role listens.
struct listen_config {
    struct entry {
        const listener_role* role;
        endpoints at;
        friend bool operator==(const entry&, const entry&) = default;
    };
    std::vector<entry> all;  // one for each of listener_roles(), in that order

    /// All addresses of the machine, each role at its own port.
    listen_config();

    /// Where a role listens. Throws std::out_of_range when there is no such role.
    [[nodiscard]] const endpoints& at(std::string_view name) const;
    friend bool operator==(const listen_config&, const listen_config&) = default;
};

struct tls_config {
    std::string certificate;  // PEM file with the chain; empty: self-signed
    std::string private_key;  // PEM file
    friend bool operator==(const tls_config&, const tls_config&) = default;
};

struct accounts_config {
    std::uint32_t password_min_characters = 12;
    std::uint32_t password_max_characters = 256;
    bool password_may_hold_address = false;
    std::uint32_t password_min_score = 3;
    octet_size argon2_memory = 19_mib;
    std::uint32_t argon2_passes = 2;
    std::uint32_t argon2_lanes = 1;
    std::uint32_t hash_threads = 0;  // 0: one per core
    std::uint32_t hash_queue = 64;
    std::chrono::seconds login_cache{std::chrono::minutes(15)};
    std::uint32_t login_cache_entries = 10'000;
    std::uint32_t wrong_passwords_per_network = 10;
    std::uint32_t wrong_passwords_per_account = 50;
    std::chrono::seconds wrong_password_window{std::chrono::minutes(10)};
    std::chrono::seconds ban{std::chrono::minutes(10)};
    std::uint32_t ban_entries = 100'000;
    bool plain_login_on_loopback = true;
    octet_size default_quota;  // 0: none
    std::chrono::seconds retention{std::chrono::hours(24 * 14)};
    std::uint32_t expunged_quotas = 1;  // 0: no limit
    std::chrono::seconds vanished_age{std::chrono::hours(24 * 90)};
    std::uint32_t vanished_ranges = 100'000;  // of one mailbox
    friend bool operator==(const accounts_config&, const accounts_config&) = default;
};

struct limits_config {
    // all connections
    std::uint32_t connections = 20'000;
    std::uint32_t connections_per_address = 30;
    std::uint32_t new_connections_per_minute = 120;
    bool exempt_loopback = true;
    std::chrono::seconds tls_handshake{30};
    std::chrono::seconds write_stall{std::chrono::minutes(5)};
    std::chrono::seconds drain{30};
    octet_size message_size = 50_mib;
    // SMTP
    octet_size smtp_line{2048};
    std::uint32_t recipients_per_message = 1000;
    std::uint32_t messages_per_connection = 100;
    octet_size octets_per_connection = 256_mib;
    std::uint32_t smtp_chunks_per_message = 10'000;
    std::uint32_t smtp_bad_commands_slow = 10;
    std::uint32_t smtp_bad_commands = 20;
    std::chrono::seconds smtp_bad_command_delay{1};
    std::uint32_t smtp_idle_commands = 100;
    std::uint32_t smtp_refused_recipients = 100;
    std::chrono::seconds smtp_greet_pause{0};
    std::chrono::seconds smtp_command_wait{300};
    std::chrono::seconds smtp_data_wait{180};
    std::uint32_t smtp_min_rate = 500;  // octets a second
    std::chrono::seconds stress_wait{10};
    // IMAP
    octet_size imap_line_before_login = 8_kib;
    octet_size imap_line = 64_kib;
    octet_size imap_literal_before_login = 4_kib;
    octet_size imap_literal = 64_kib;
    octet_size imap_command = 1_mib;
    octet_size imap_append_octets = 256_mib;  // of one command in all
    std::uint32_t imap_literals = 256;
    std::uint32_t imap_bad_commands_before_login = 3;
    std::uint32_t imap_bad_commands = 20;
    std::uint32_t imap_failed_logins = 5;
    std::uint32_t imap_sessions_per_account = 50;
    std::chrono::seconds imap_wrong_password_delay{2};
    std::chrono::seconds imap_login{60};
    std::chrono::seconds imap_idle{std::chrono::minutes(30)};
    std::chrono::seconds imap_search{30};
    std::uint32_t imap_messages_per_command = 5'000'000;
    // POP3
    octet_size pop3_line{2048};
    std::uint32_t pop3_messages = 2'000'000;
    std::uint32_t pop3_bad_commands_before_login = 3;
    std::uint32_t pop3_bad_commands = 20;
    std::uint32_t pop3_failed_logins = 5;
    std::chrono::seconds pop3_wrong_password_delay{2};
    std::chrono::seconds pop3_login{60};
    std::chrono::seconds pop3_idle{std::chrono::minutes(10)};
    std::chrono::seconds pop3_silence{30};
    std::chrono::seconds pop3_takeover{2};
    // store
    std::uint32_t mailboxes_per_account = 5000;
    octet_size min_free_disk = 512_mib;
    octet_size metadata_size = 256_gib;
    friend bool operator==(const limits_config&, const limits_config&) = default;
};

struct delivery_config {
    std::string owner_mailbox;  // empty: the first account of the domain
    std::uint32_t received_fields = 50;
    std::uint32_t max_depth = 20;
    std::uint32_t max_targets = 1000;
    std::uint32_t max_targets_of_message = 2000;
    friend bool operator==(const delivery_config&, const delivery_config&) = default;
};

struct search_config {
    bool index = true;
    std::chrono::seconds commit_interval{std::chrono::minutes(10)};
    friend bool operator==(const search_config&, const search_config&) = default;
};

struct log_config {
    std::string level = "info";
    std::string target = "stderr";
    std::string format = "text";
    friend bool operator==(const log_config&, const log_config&) = default;
};

struct config {
    std::string hostname;  // empty: the machine's own name
    std::string data_dir = "/var/lib/hauspost";
    std::uint32_t network_threads = 0;  // 0: one per core
    server_config server;
    listen_config listen;
    tls_config tls;
    accounts_config accounts;
    limits_config limits;
    delivery_config delivery;
    search_config search;
    log_config log;
    friend bool operator==(const config&, const config&) = default;
};

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

/// "PATH:12:5: what; remedy", one line per fault, each with its line end.
[[nodiscard]] std::string describe(const std::vector<config_fault>& faults,
                                   const std::string& path);

}  // namespace hauspost::server
