#include "server/config/config_items.hpp"

namespace hauspost::server {
namespace {

constexpr std::uint64_t day = 86'400;
constexpr std::uint64_t kib = 1024;
constexpr std::uint64_t mib = 1024 * kib;
constexpr std::uint64_t gib = 1024 * mib;

/// Collects items with one call each, so that the table below reads like the file.
class item_list {
public:
    item_list& section(std::string_view name) {
        section_ = name;
        reloads_ = false;
        return *this;
    }
    item_list& reloading() {
        reloads_ = true;
        return *this;
    }
    item_list& add(std::string_view key, config_item::slot value) {
        items_.push_back({section_, key, value, 0, 0, false, reloads_, {}});
        return *this;
    }
    item_list& one_of(std::string_view key,
                      std::string& value,
                      std::vector<std::string_view> words) {
        items_.push_back({section_, key, &value, 0, 0, false, reloads_, std::move(words)});
        return *this;
    }
    item_list& within(std::string_view key,
                      config_item::slot value,
                      std::uint64_t least,
                      std::uint64_t most) {
        items_.push_back({section_, key, value, least, most, false, reloads_, {}});
        return *this;
    }
    item_list& zero_or_within(std::string_view key,
                              config_item::slot value,
                              std::uint64_t least,
                              std::uint64_t most) {
        items_.push_back({section_, key, value, least, most, true, reloads_, {}});
        return *this;
    }
    std::vector<config_item> take() { return std::move(items_); }

private:
    std::string_view section_;
    bool reloads_ = false;
    std::vector<config_item> items_;
};

void add_general(item_list& list, config& c) {
    list.section("")
        .add("hostname", &c.hostname)
        .add("data_dir", &c.data_dir)
        .zero_or_within("network_threads", &c.network_threads, 1, 256);
    list.section("server").add("user", &c.server.user);
    list.section("listen");
    for (auto& one : c.listen.all)
        list.add(one.role->name, &one.at);
    list.section("tls")
        .reloading()
        .add("certificate", &c.tls.certificate)
        .add("private_key", &c.tls.private_key);
}

void add_accounts(item_list& list, accounts_config& a) {
    list.section("accounts")
        .within("password_min_characters", &a.password_min_characters, 1, 128)
        // 512 octets are hashed at most, and a character may take four of them.
        .within("password_max_characters", &a.password_max_characters, 8, 512)
        .add("password_may_hold_address", &a.password_may_hold_address)
        .zero_or_within("password_min_score", &a.password_min_score, 1, 4)
        .within("argon2_memory", &a.argon2_memory, 8 * kib, 4 * gib)
        .within("argon2_passes", &a.argon2_passes, 1, 100)
        .within("argon2_lanes", &a.argon2_lanes, 1, 64)
        .zero_or_within("hash_threads", &a.hash_threads, 1, 256)
        .within("hash_queue", &a.hash_queue, 1, 10'000)
        .zero_or_within("login_cache", &a.login_cache, 1, day)
        .within("login_cache_entries", &a.login_cache_entries, 1, 10'000'000)
        .zero_or_within("wrong_passwords_per_network", &a.wrong_passwords_per_network, 1, 100'000)
        .zero_or_within("wrong_passwords_per_account", &a.wrong_passwords_per_account, 1, 100'000)
        .within("wrong_password_window", &a.wrong_password_window, 1, 30 * day)
        .zero_or_within("ban", &a.ban, 1, 30 * day)
        .within("ban_entries", &a.ban_entries, 1, 10'000'000)
        .add("plain_login_on_loopback", &a.plain_login_on_loopback)
        .zero_or_within("default_quota", &a.default_quota, mib, 1024 * 1024 * gib)
        .zero_or_within("retention", &a.retention, 1, 3650 * day)
        .zero_or_within("expunged_quotas", &a.expunged_quotas, 1, 1000)
        .within("vanished_age", &a.vanished_age, 1, 3650 * day)
        .within("vanished_ranges", &a.vanished_ranges, 1, 10'000'000);
}

void add_connection_limits(item_list& list, limits_config& l) {
    list.section("limits")
        .zero_or_within("connections", &l.connections, 1, 1'000'000)
        .zero_or_within("connections_per_address", &l.connections_per_address, 1, 1'000'000)
        .zero_or_within("new_connections_per_minute", &l.new_connections_per_minute, 1, 1'000'000)
        .add("exempt_loopback", &l.exempt_loopback)
        .within("tls_handshake", &l.tls_handshake, 1, 3600)
        .zero_or_within("mailboxes_per_account", &l.mailboxes_per_account, 6, 1'000'000)
        .zero_or_within("min_free_disk", &l.min_free_disk, mib, 1024 * gib)
        .within("metadata_size", &l.metadata_size, 16 * mib, 16'384 * gib)
        .reloading()
        .within("write_stall", &l.write_stall, 1, day)
        .zero_or_within("drain", &l.drain, 1, 3600)
        // RFC 1870 4: the octet count of SIZE may have 20 digits; blobs count in 32 bits.
        .zero_or_within("message_size", &l.message_size, kib, 4 * gib - 1);
}

void add_smtp_limits(item_list& list, limits_config& l) {
    list.section("limits").reloading();
    // RFC 5321 4.5.3.1.4: at least 512 must be taken.
    list.within("smtp_line", &l.smtp_line, 512, 64 * kib)
        .zero_or_within("recipients_per_message", &l.recipients_per_message, 1, 100'000)
        .zero_or_within("messages_per_connection", &l.messages_per_connection, 1, 1'000'000)
        .zero_or_within("octets_per_connection", &l.octets_per_connection, kib, 1024 * gib)
        .zero_or_within("smtp_chunks_per_message", &l.smtp_chunks_per_message, 1, 1'000'000)
        .zero_or_within("smtp_bad_commands_slow", &l.smtp_bad_commands_slow, 1, 1'000'000)
        .zero_or_within("smtp_bad_commands", &l.smtp_bad_commands, 1, 1'000'000)
        .zero_or_within("smtp_bad_command_delay", &l.smtp_bad_command_delay, 1, 60)
        .zero_or_within("smtp_idle_commands", &l.smtp_idle_commands, 1, 1'000'000)
        .zero_or_within("smtp_refused_recipients", &l.smtp_refused_recipients, 1, 1'000'000)
        .zero_or_within("smtp_greet_pause", &l.smtp_greet_pause, 1, 60)
        .within("smtp_command_wait", &l.smtp_command_wait, 1, day)
        .within("smtp_data_wait", &l.smtp_data_wait, 1, day)
        .zero_or_within("smtp_min_rate", &l.smtp_min_rate, 1, 1'000'000)
        .within("stress_wait", &l.stress_wait, 1, day);
}

void add_imap_limits(item_list& list, limits_config& l) {
    list.section("limits").reloading();
    list.within("imap_line_before_login", &l.imap_line_before_login, kib, mib)
        .within("imap_line", &l.imap_line, kib, 16 * mib)
        .within("imap_literal_before_login", &l.imap_literal_before_login, 512, mib)
        .within("imap_literal", &l.imap_literal, kib, 16 * mib)
        .within("imap_command", &l.imap_command, 8 * kib, 64 * mib)
        .zero_or_within("imap_append_octets", &l.imap_append_octets, kib, 1024 * gib)
        .within("imap_literals", &l.imap_literals, 1, 100'000)
        .zero_or_within("imap_bad_commands_before_login", &l.imap_bad_commands_before_login, 1,
                        1'000'000)
        .zero_or_within("imap_bad_commands", &l.imap_bad_commands, 1, 1'000'000)
        .zero_or_within("imap_failed_logins", &l.imap_failed_logins, 1, 1'000'000)
        .zero_or_within("imap_sessions_per_account", &l.imap_sessions_per_account, 1, 1'000'000)
        .zero_or_within("imap_wrong_password_delay", &l.imap_wrong_password_delay, 1, 60)
        .zero_or_within("imap_login", &l.imap_login, 1, day)
        .within("imap_idle", &l.imap_idle, 1, 7 * day)
        .zero_or_within("imap_search", &l.imap_search, 1, 3600)
        // RFC 9738 4: at least 1000.
        .zero_or_within("imap_messages_per_command", &l.imap_messages_per_command, 1000,
                        UINT32_MAX);
}

void add_pop3_limits(item_list& list, limits_config& l) {
    list.section("limits").reloading();
    // RFC 2449 4: 255 at least.
    list.within("pop3_line", &l.pop3_line, 255, 64 * kib)
        .within("pop3_messages", &l.pop3_messages, 1, 100'000'000)
        .zero_or_within("pop3_bad_commands_before_login", &l.pop3_bad_commands_before_login, 1,
                        1'000'000)
        .zero_or_within("pop3_bad_commands", &l.pop3_bad_commands, 1, 1'000'000)
        .zero_or_within("pop3_failed_logins", &l.pop3_failed_logins, 1, 1'000'000)
        .zero_or_within("pop3_wrong_password_delay", &l.pop3_wrong_password_delay, 1, 60)
        .zero_or_within("pop3_login", &l.pop3_login, 1, day)
        .within("pop3_idle", &l.pop3_idle, 1, 7 * day)
        .within("pop3_silence", &l.pop3_silence, 1, day)
        .zero_or_within("pop3_takeover", &l.pop3_takeover, 1, 60);
}

}  // namespace

std::string full_name(const config_item& item) {
    return item.section.empty() ? std::string(item.key)
                                : std::string(item.section) + "." + std::string(item.key);
}

std::vector<config_item> config_items(config& values) {
    item_list list;
    add_general(list, values);
    add_accounts(list, values.accounts);
    add_connection_limits(list, values.limits);
    add_smtp_limits(list, values.limits);
    add_imap_limits(list, values.limits);
    add_pop3_limits(list, values.limits);
    list.section("delivery")
        .add("owner_mailbox", &values.delivery.owner_mailbox)
        .zero_or_within("received_fields", &values.delivery.received_fields, 1, 1000)
        .within("max_depth", &values.delivery.max_depth, 1, 1000)
        .within("max_targets", &values.delivery.max_targets, 1, 100'000)
        .zero_or_within("max_targets_of_message", &values.delivery.max_targets_of_message, 1,
                        1'000'000);
    list.section("search")
        .add("index", &values.search.index)
        .within("commit_interval", &values.search.commit_interval, 1, day);
    list.section("log").reloading();
    list.one_of("level", values.log.level, {"trace", "debug", "info", "warn", "error", "off"})
        .add("target", &values.log.target)
        .one_of("format", values.log.format, {"text", "json"});
    return list.take();
}

}  // namespace hauspost::server
