#include "server/config_items.hpp"

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
    list.section("listen")
        .add("smtp", &c.listen.smtp)
        .add("imap", &c.listen.imap)
        .add("imaps", &c.listen.imaps);
    list.section("tls").reloading();
    list.add("certificate", &c.tls.certificate).add("private_key", &c.tls.private_key);
}

void add_accounts(item_list& list, accounts_config& a) {
    list.section("accounts")
        .within("password_min_characters", &a.password_min_characters, 1, 128)
        // 512 octets are hashed at most, and a character may take four of them.
        .within("password_max_characters", &a.password_max_characters, 8, 512)
        .add("password_may_hold_address", &a.password_may_hold_address)
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
        .zero_or_within("default_quota", &a.default_quota, mib, 1024 * 1024 * gib)
        .zero_or_within("retention", &a.retention, 1, 3650 * day);
}

void add_limits(item_list& list, limits_config& l) {
    list.section("limits").reloading();
    list.zero_or_within("connections", &l.connections, 1, 1'000'000)
        .zero_or_within("connections_per_address", &l.connections_per_address, 1, 1'000'000)
        .zero_or_within("new_connections_per_minute", &l.new_connections_per_minute, 1, 1'000'000)
        .within("tls_handshake", &l.tls_handshake, 1, 3600)
        .zero_or_within("pre_auth", &l.pre_auth, 1, day)
        .zero_or_within("drain", &l.drain, 1, 3600)
        .within("message_size", &l.message_size, 64 * kib, 4 * gib - 1)
        // RFC 5321 4.5.3.1.8: at least 100 must be taken.
        .within("recipients_per_message", &l.recipients_per_message, 100, 100'000)
        .zero_or_within("messages_per_connection", &l.messages_per_connection, 1, 1'000'000)
        .zero_or_within("octets_per_connection", &l.octets_per_connection, mib, 1024 * gib)
        .zero_or_within("smtp_bad_commands", &l.smtp_bad_commands, 1, 1'000'000)
        .within("smtp_command_wait", &l.smtp_command_wait, 1, day)
        .within("smtp_data_wait", &l.smtp_data_wait, 1, day)
        .within("received_fields", &l.received_fields, 5, 1000)
        .zero_or_within("imap_connections_per_account", &l.imap_connections_per_account, 1,
                        1'000'000)
        .zero_or_within("imap_bad_commands", &l.imap_bad_commands, 1, 1'000'000)
        .zero_or_within("imap_bad_commands_before_login", &l.imap_bad_commands_before_login, 1,
                        1'000'000)
        .within("imap_idle", &l.imap_idle, 1, 7 * day)
        .within("write_stall", &l.write_stall, 1, day);
}

}  // namespace

std::vector<config_item> config_items(config& values) {
    item_list list;
    add_general(list, values);
    add_accounts(list, values.accounts);
    add_limits(list, values.limits);
    list.section("log").reloading();
    list.one_of("level", values.log.level, {"trace", "debug", "info", "warn", "error", "off"})
        .section("log")
        .add("target", &values.log.target)
        .one_of("format", values.log.format, {"text", "json"});
    return list.take();
}

}  // namespace hauspost::server
