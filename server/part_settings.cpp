#include "server/part_settings.hpp"

#include "admin/names.hpp"
#include "base/address.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <limits>
#include <thread>

namespace hauspost::server {
namespace {

constexpr std::chrono::hours a_year{24 * 365};

template <class Number>
Number or_most(Number number) {
    return number == 0 ? std::numeric_limits<Number>::max() : number;
}
std::chrono::seconds or_a_year(std::chrono::seconds time) {
    return time.count() == 0 ? std::chrono::seconds(a_year) : time;
}

/// Messages on their way in may not take the descriptors that connections and the store's own files
/// need (net::connections_for_open_files leaves half of them at least).
std::size_t files_for_staging() {
    struct rlimit limit {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 64;
    return std::clamp<std::size_t>(limit.rlim_max / 8, 16, 512);
}

}  // namespace

std::string hostname_of(const config& c) {
    if (!c.hostname.empty()) return c.hostname;
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
    return name.data();
}

log_settings log_settings_of(const config& c) {
    return {c.log.level, c.log.target, c.log.format};
}

storage::store_options store_options_of(const config& c) {
    storage::store_options options;
    options.staged_files = files_for_staging();
    options.data_dir = c.data_dir;
    options.map_octets = c.limits.metadata_size.octets;
    options.min_free_octets = c.limits.min_free_disk.octets;
    options.max_mailboxes = or_most<std::size_t>(c.limits.mailboxes_per_account);
    options.retention = c.accounts.retention;
    options.expunged_quotas = c.accounts.expunged_quotas;
    options.vanished_age = c.accounts.vanished_age;
    options.vanished_ranges = c.accounts.vanished_ranges;
    return options;
}

storage::indexer_settings indexer_settings_of(const config& c) {
    storage::indexer_settings settings;
    settings.folder = std::filesystem::path(c.data_dir) / "index";
    settings.commit_interval = c.search.commit_interval;
    settings.min_free_octets = c.limits.min_free_disk.octets;
    return settings;
}

auth::authenticator_settings authenticator_settings_of(const config& c) {
    const auto& a = c.accounts;
    auth::authenticator_settings settings;
    settings.argon2.memory_kib = static_cast<std::uint32_t>(a.argon2_memory.octets / 1024);
    settings.argon2.passes = a.argon2_passes;
    settings.argon2.lanes = a.argon2_lanes;
    settings.hash_threads =
        a.hash_threads != 0 ? a.hash_threads : std::max(1u, std::thread::hardware_concurrency());
    settings.max_waiting = a.hash_queue;
    settings.cache_age = a.login_cache;
    settings.cache_entries = a.login_cache_entries;
    settings.lockout.wrong_per_network = a.wrong_passwords_per_network;
    settings.lockout.wrong_per_account = a.wrong_passwords_per_account;
    settings.lockout.window = a.wrong_password_window;
    settings.lockout.ban = a.ban;
    settings.lockout.max_entries = a.ban_entries;
    return settings;
}

auth::password_rules password_rules_of(const config& c) {
    return {c.accounts.password_min_characters, c.accounts.password_max_characters,
            c.accounts.password_may_hold_address, c.accounts.password_min_score};
}

net::gate_limits gate_limits_of(const config& c) {
    net::gate_limits limits;
    // More than the system lets us open would only move the fault from the gate to accept().
    const auto wanted = c.limits.connections == 0 ? 1'000'000 : c.limits.connections;
    limits.max_connections = net::connections_for_open_files(wanted);
    limits.max_per_address = c.limits.connections_per_address;
    limits.max_new_per_minute = c.limits.new_connections_per_minute;
    limits.exempt_loopback = c.limits.exempt_loopback;
    return limits;
}

delivery::sink_config sink_config_of(const config& c) {
    delivery::sink_config sink;
    sink.hostname = hostname_of(c);
    if (const auto owner = admin::parse_address(c.delivery.owner_mailbox)) {
        sink.routing.owner_mailbox = *owner;
        sink.default_domain = address::domain_of(*owner);
    }
    sink.routing.max_depth = c.delivery.max_depth;
    sink.routing.max_targets = c.delivery.max_targets;
    sink.routing.max_targets_of_message = c.delivery.max_targets_of_message;
    sink.max_received_fields = c.delivery.received_fields;
    return sink;
}

smtp::session_config smtp_config_of(const config& c) {
    const auto& l = c.limits;
    smtp::session_config session;
    session.hostname = hostname_of(c);
    session.greet_pause = l.smtp_greet_pause;
    auto& limits = session.limits;
    limits.max_command_octets = l.smtp_line.octets;
    limits.max_message_octets = l.message_size.octets;
    limits.max_session_octets = l.octets_per_connection.octets;
    limits.max_recipients = l.recipients_per_message;
    limits.max_messages = l.messages_per_connection;
    limits.max_bdat_chunks = l.smtp_chunks_per_message;
    limits.soft_bad_commands = l.smtp_bad_commands_slow;
    limits.hard_bad_commands = l.smtp_bad_commands;
    limits.bad_command_delay = l.smtp_bad_command_delay;
    limits.max_idle_commands = l.smtp_idle_commands;
    limits.max_refused_recipients = l.smtp_refused_recipients;
    limits.command_timeout = l.smtp_command_wait;
    limits.data_timeout = l.smtp_data_wait;
    limits.min_data_rate = l.smtp_min_rate;
    limits.write_timeout = l.write_stall;
    limits.tls_timeout = l.tls_handshake;
    limits.stress_timeout = l.stress_wait;
    return session;
}

imap::session_config imap_config_of(const config& c) {
    const auto& l = c.limits;
    imap::session_config session;
    session.hostname = hostname_of(c);
    session.limits.line_octets_before_login = l.imap_line_before_login.octets;
    session.limits.line_octets = l.imap_line.octets;
    session.limits.literal_octets_before_login = l.imap_literal_before_login.octets;
    session.limits.literal_octets = l.imap_literal.octets;
    session.limits.command_octets = l.imap_command.octets;
    session.limits.literals = l.imap_literals;
    // The count of a literal has 32 bits (RFC 3501 9, number).
    session.limits.append_octets =
        l.message_size.octets == 0 ? 0xffff'ffffU : l.message_size.octets;
    // A message that may come alone may come.
    if (l.imap_append_octets.octets == 0)
        session.limits.append_command_octets = 0;
    else
        session.limits.append_command_octets =
            std::max(l.imap_append_octets.octets, session.limits.append_octets);
    session.allow_plain_login_on_loopback = c.accounts.plain_login_on_loopback;
    session.login_timeout = or_a_year(l.imap_login);
    session.autologout = l.imap_idle;
    session.write_timeout = l.write_stall;
    session.tls_timeout = l.tls_handshake;
    session.wrong_password_delay = l.imap_wrong_password_delay;
    session.search_timeout = or_a_year(l.imap_search);
    session.max_messages_of_command = l.imap_messages_per_command;
    session.max_bad_commands_before_login = or_most(l.imap_bad_commands_before_login);
    session.max_bad_commands = or_most(l.imap_bad_commands);
    session.max_failed_logins = or_most(l.imap_failed_logins);
    return session;
}

pop3::session_config pop3_config_of(const config& c) {
    const auto& l = c.limits;
    pop3::session_config session;
    session.hostname = hostname_of(c);
    session.limits.line_octets = l.pop3_line.octets;
    session.limits.messages = l.pop3_messages;
    session.allow_plain_login_on_loopback = c.accounts.plain_login_on_loopback;
    session.login_timeout = or_a_year(l.pop3_login);
    session.idle_timeout = l.pop3_idle;
    session.write_timeout = l.write_stall;
    session.tls_timeout = l.tls_handshake;
    session.wrong_password_delay = l.pop3_wrong_password_delay;
    session.takeover_silence = l.pop3_silence;
    session.takeover_wait = l.pop3_takeover;
    session.max_bad_commands_before_login = or_most(l.pop3_bad_commands_before_login);
    session.max_bad_commands = or_most(l.pop3_bad_commands);
    session.max_failed_logins = or_most(l.pop3_failed_logins);
    return session;
}

}  // namespace hauspost::server
