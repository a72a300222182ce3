#include "server/config/config_items.hpp"
#include "server/part_settings.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <concepts>
#include <map>
#include <set>
#include <string>
#include <string_view>

using namespace hauspost;
using namespace hauspost::server;

namespace {

/// Field of a part's settings -> its value as text.
using fields = std::map<std::string, std::string>;
using names = std::set<std::string>;

class field_list {
public:
    explicit field_list(std::string part) : part_(std::move(part)) {}

    field_list& add(const char* name, const std::string& value) {
        all[part_ + name] = value;
        return *this;
    }
    field_list& add(const char* name, std::integral auto value) {
        return add(name, std::to_string(value));
    }
    template <class Count, class Period>
    field_list& add(const char* name, std::chrono::duration<Count, Period> value) {
        return add(name, std::chrono::duration_cast<std::chrono::milliseconds>(value).count());
    }

    fields all;

private:
    std::string part_;
};

fields log_fields(const config& c) {
    const auto log = log_settings_of(c);
    return field_list("log.")
        .add("level", log.level)
        .add("target", log.target)
        .add("format", log.format)
        .all;
}

fields store_fields(const config& c) {
    const auto store = store_options_of(c);
    const auto index = indexer_settings_of(c);
    auto all = field_list("store.")
                   .add("data_dir", store.data_dir.string())
                   .add("map_octets", store.map_octets)
                   .add("min_free_octets", store.min_free_octets)
                   .add("max_mailboxes", store.max_mailboxes)
                   .add("retention", store.retention)
                   .add("expunged_quotas", store.expunged_quotas)
                   .add("vanished_age", store.vanished_age)
                   .add("vanished_ranges", store.vanished_ranges)
                   .all;
    all.merge(field_list("index.")
                  .add("folder", index.folder.string())
                  .add("commit_interval", index.commit_interval)
                  .add("min_free_octets", index.min_free_octets)
                  .all);
    return all;
}

fields login_fields(const config& c) {
    const auto auth = authenticator_settings_of(c);
    const auto rules = password_rules_of(c);
    auto all = field_list("auth.")
                   .add("memory_kib", auth.argon2.memory_kib)
                   .add("passes", auth.argon2.passes)
                   .add("lanes", auth.argon2.lanes)
                   .add("hash_threads", auth.hash_threads)
                   .add("max_waiting", auth.max_waiting)
                   .add("cache_age", auth.cache_age)
                   .add("cache_entries", auth.cache_entries)
                   .add("wrong_per_network", auth.lockout.wrong_per_network)
                   .add("wrong_per_account", auth.lockout.wrong_per_account)
                   .add("window", auth.lockout.window)
                   .add("ban", auth.lockout.ban)
                   .add("max_entries", auth.lockout.max_entries)
                   .all;
    all.merge(field_list("rules.")
                  .add("min_characters", rules.min_characters)
                  .add("max_characters", rules.max_characters)
                  .add("may_hold_address", rules.may_hold_address)
                  .add("min_score", rules.min_score)
                  .all);
    return all;
}

fields gate_and_delivery_fields(const config& c) {
    const auto gate = gate_limits_of(c);
    const auto sink = sink_config_of(c);
    auto all = field_list("gate.")
                   .add("max_connections", gate.max_connections)
                   .add("max_per_address", gate.max_per_address)
                   .add("max_new_per_minute", gate.max_new_per_minute)
                   .add("exempt_loopback", gate.exempt_loopback)
                   .all;
    all.merge(field_list("sink.")
                  .add("hostname", sink.hostname)
                  .add("default_domain", sink.default_domain)
                  .add("owner_mailbox", sink.routing.owner_mailbox)
                  .add("max_depth", sink.routing.max_depth)
                  .add("max_targets", sink.routing.max_targets)
                  .add("max_targets_of_message", sink.routing.max_targets_of_message)
                  .add("max_received_fields", sink.max_received_fields)
                  .all);
    return all;
}

fields smtp_fields(const config& c) {
    const auto smtp = smtp_config_of(c);
    const auto& limits = smtp.limits;
    return field_list("smtp.")
        .add("hostname", smtp.hostname)
        .add("greet_pause", smtp.greet_pause)
        .add("max_command_octets", limits.max_command_octets)
        .add("max_message_octets", limits.max_message_octets)
        .add("max_session_octets", limits.max_session_octets)
        .add("max_recipients", limits.max_recipients)
        .add("max_messages", limits.max_messages)
        .add("max_bdat_chunks", limits.max_bdat_chunks)
        .add("soft_bad_commands", limits.soft_bad_commands)
        .add("hard_bad_commands", limits.hard_bad_commands)
        .add("bad_command_delay", limits.bad_command_delay)
        .add("max_idle_commands", limits.max_idle_commands)
        .add("max_refused_recipients", limits.max_refused_recipients)
        .add("command_timeout", limits.command_timeout)
        .add("data_timeout", limits.data_timeout)
        .add("min_data_rate", limits.min_data_rate)
        .add("write_timeout", limits.write_timeout)
        .add("tls_timeout", limits.tls_timeout)
        .add("stress_timeout", limits.stress_timeout)
        .all;
}

fields imap_fields(const config& c) {
    const auto imap = imap_config_of(c);
    return field_list("imap.")
        .add("hostname", imap.hostname)
        .add("line_octets_before_login", imap.limits.line_octets_before_login)
        .add("line_octets", imap.limits.line_octets)
        .add("literal_octets_before_login", imap.limits.literal_octets_before_login)
        .add("literal_octets", imap.limits.literal_octets)
        .add("command_octets", imap.limits.command_octets)
        .add("literals", imap.limits.literals)
        .add("append_octets", imap.limits.append_octets)
        .add("append_command_octets", imap.limits.append_command_octets)
        .add("allow_plain_login", imap.allow_plain_login_on_loopback)
        .add("login_timeout", imap.login_timeout)
        .add("autologout", imap.autologout)
        .add("write_timeout", imap.write_timeout)
        .add("tls_timeout", imap.tls_timeout)
        .add("wrong_password_delay", imap.wrong_password_delay)
        .add("search_timeout", imap.search_timeout)
        .add("max_messages_of_command", imap.max_messages_of_command)
        .add("max_bad_commands_before_login", imap.max_bad_commands_before_login)
        .add("max_bad_commands", imap.max_bad_commands)
        .add("max_failed_logins", imap.max_failed_logins)
        .all;
}

fields pop3_fields(const config& c) {
    const auto pop3 = pop3_config_of(c);
    return field_list("pop3.")
        .add("hostname", pop3.hostname)
        .add("line_octets", pop3.limits.line_octets)
        .add("messages", pop3.limits.messages)
        .add("allow_plain_login", pop3.allow_plain_login_on_loopback)
        .add("login_timeout", pop3.login_timeout)
        .add("idle_timeout", pop3.idle_timeout)
        .add("write_timeout", pop3.write_timeout)
        .add("tls_timeout", pop3.tls_timeout)
        .add("wrong_password_delay", pop3.wrong_password_delay)
        .add("takeover_silence", pop3.takeover_silence)
        .add("takeover_wait", pop3.takeover_wait)
        .add("max_bad_commands_before_login", pop3.max_bad_commands_before_login)
        .add("max_bad_commands", pop3.max_bad_commands)
        .add("max_failed_logins", pop3.max_failed_logins)
        .all;
}

fields all_fields(const config& c) {
    fields all;
    for (auto* part : {log_fields, store_fields, login_fields, gate_and_delivery_fields,
                       smtp_fields, imap_fields, pop3_fields})
        all.merge(part(c));
    return all;
}

/// What stands for all services stands in each of them.
names of_services(const char* field) {
    return {std::string("smtp.") + field, std::string("imap.") + field,
            std::string("pop3.") + field};
}

/// Item of the file -> the fields that it sets.
std::map<std::string, names> meanings() {
    std::map<std::string, names> all{
        {"data_dir", {"store.data_dir", "index.folder"}},
        {"limits.tls_handshake", of_services("tls_timeout")},
        {"limits.write_stall", of_services("write_timeout")},
        {"limits.message_size", {"smtp.max_message_octets", "imap.append_octets"}},
        {"limits.min_free_disk", {"store.min_free_octets", "index.min_free_octets"}},
        {"accounts.plain_login_on_loopback", {"imap.allow_plain_login", "pop3.allow_plain_login"}},
        {"delivery.owner_mailbox", {"sink.owner_mailbox", "sink.default_domain"}},
    };
    all["hostname"] = of_services("hostname");
    all["hostname"].insert("sink.hostname");
    const std::map<std::string, std::string> single{
        {"accounts.password_min_characters", "rules.min_characters"},
        {"accounts.password_max_characters", "rules.max_characters"},
        {"accounts.password_may_hold_address", "rules.may_hold_address"},
        {"accounts.password_min_score", "rules.min_score"},
        {"accounts.argon2_memory", "auth.memory_kib"},
        {"accounts.argon2_passes", "auth.passes"},
        {"accounts.argon2_lanes", "auth.lanes"},
        {"accounts.hash_threads", "auth.hash_threads"},
        {"accounts.hash_queue", "auth.max_waiting"},
        {"accounts.login_cache", "auth.cache_age"},
        {"accounts.login_cache_entries", "auth.cache_entries"},
        {"accounts.wrong_passwords_per_network", "auth.wrong_per_network"},
        {"accounts.wrong_passwords_per_account", "auth.wrong_per_account"},
        {"accounts.wrong_password_window", "auth.window"},
        {"accounts.ban", "auth.ban"},
        {"accounts.ban_entries", "auth.max_entries"},
        {"accounts.retention", "store.retention"},
        {"accounts.expunged_quotas", "store.expunged_quotas"},
        {"accounts.vanished_age", "store.vanished_age"},
        {"accounts.vanished_ranges", "store.vanished_ranges"},
        {"limits.connections", "gate.max_connections"},
        {"limits.connections_per_address", "gate.max_per_address"},
        {"limits.new_connections_per_minute", "gate.max_new_per_minute"},
        {"limits.exempt_loopback", "gate.exempt_loopback"},
        {"limits.mailboxes_per_account", "store.max_mailboxes"},
        {"limits.metadata_size", "store.map_octets"},
        {"limits.smtp_line", "smtp.max_command_octets"},
        {"limits.recipients_per_message", "smtp.max_recipients"},
        {"limits.messages_per_connection", "smtp.max_messages"},
        {"limits.octets_per_connection", "smtp.max_session_octets"},
        {"limits.smtp_chunks_per_message", "smtp.max_bdat_chunks"},
        {"limits.smtp_bad_commands_slow", "smtp.soft_bad_commands"},
        {"limits.smtp_bad_commands", "smtp.hard_bad_commands"},
        {"limits.smtp_bad_command_delay", "smtp.bad_command_delay"},
        {"limits.smtp_idle_commands", "smtp.max_idle_commands"},
        {"limits.smtp_refused_recipients", "smtp.max_refused_recipients"},
        {"limits.smtp_greet_pause", "smtp.greet_pause"},
        {"limits.smtp_command_wait", "smtp.command_timeout"},
        {"limits.smtp_data_wait", "smtp.data_timeout"},
        {"limits.smtp_min_rate", "smtp.min_data_rate"},
        {"limits.stress_wait", "smtp.stress_timeout"},
        {"limits.imap_line_before_login", "imap.line_octets_before_login"},
        {"limits.imap_line", "imap.line_octets"},
        {"limits.imap_literal_before_login", "imap.literal_octets_before_login"},
        {"limits.imap_literal", "imap.literal_octets"},
        {"limits.imap_command", "imap.command_octets"},
        {"limits.imap_append_octets", "imap.append_command_octets"},
        {"limits.imap_literals", "imap.literals"},
        {"limits.imap_bad_commands_before_login", "imap.max_bad_commands_before_login"},
        {"limits.imap_bad_commands", "imap.max_bad_commands"},
        {"limits.imap_failed_logins", "imap.max_failed_logins"},
        {"limits.imap_wrong_password_delay", "imap.wrong_password_delay"},
        {"limits.imap_login", "imap.login_timeout"},
        {"limits.imap_idle", "imap.autologout"},
        {"limits.imap_search", "imap.search_timeout"},
        {"limits.imap_messages_per_command", "imap.max_messages_of_command"},
        {"limits.pop3_line", "pop3.line_octets"},
        {"limits.pop3_messages", "pop3.messages"},
        {"limits.pop3_bad_commands_before_login", "pop3.max_bad_commands_before_login"},
        {"limits.pop3_bad_commands", "pop3.max_bad_commands"},
        {"limits.pop3_failed_logins", "pop3.max_failed_logins"},
        {"limits.pop3_wrong_password_delay", "pop3.wrong_password_delay"},
        {"limits.pop3_login", "pop3.login_timeout"},
        {"limits.pop3_idle", "pop3.idle_timeout"},
        {"limits.pop3_silence", "pop3.takeover_silence"},
        {"limits.pop3_takeover", "pop3.takeover_wait"},
        {"delivery.received_fields", "sink.max_received_fields"},
        {"delivery.max_depth", "sink.max_depth"},
        {"delivery.max_targets", "sink.max_targets"},
        {"delivery.max_targets_of_message", "sink.max_targets_of_message"},
        {"search.commit_interval", "index.commit_interval"},
        {"log.level", "log.level"},
        {"log.target", "log.target"},
        {"log.format", "log.format"},
    };
    for (const auto& [item, field] : single)
        all[item] = {field};
    return all;
}

/// Read from the configuration itself, by app.cpp and house.cpp: tests/e2e sees what they do.
const names read_in_place{
    "network_threads",
    "listen.smtp",
    "listen.imap",
    "listen.imaps",
    "listen.pop3",
    "listen.pop3s",
    "tls.certificate",
    "tls.private_key",
    "limits.imap_sessions_per_account",
    "accounts.default_quota",
    "search.index",
    "limits.drain",
    "server.user",
};

/// Gives the item a value within its range that is not its default.
struct change {
    const config_item& item;

    [[nodiscard]] std::uint64_t other_than(std::uint64_t now) const {
        return now == item.least ? item.most : item.least;
    }
    void operator()(std::string* value) const {
        if (item.words.empty())
            *value = "other@elsewhere.test";
        else
            *value = *value == item.words.front() ? item.words.back() : item.words.front();
    }
    void operator()(bool* value) const { *value = !*value; }
    void operator()(std::uint32_t* value) const {
        *value = static_cast<std::uint32_t>(other_than(*value));
    }
    void operator()(octet_size* value) const { value->octets = other_than(value->octets); }
    void operator()(std::chrono::seconds* value) const {
        const auto now = static_cast<std::uint64_t>(value->count());
        *value = std::chrono::seconds(other_than(now));
    }
    void operator()(endpoints* value) const { value->clear(); }
};

/// The fields that differ when this one item has another value than its default.
names fields_set_by(std::string_view wanted) {
    config c;
    const auto before = all_fields(c);
    for (const auto& item : config_items(c))
        if (full_name(item) == wanted) std::visit(change{item}, item.value);
    names changed;
    for (const auto& [field, value] : all_fields(c))
        if (before.at(field) != value) changed.insert(field);
    return changed;
}

std::string text_of(const names& all) {
    std::string text;
    for (const auto& one : all)
        text += one + " ";
    return text;
}

}  // namespace

TEST_CASE("settings: each item of the file comes to its part, and to no other") {
    const auto known = meanings();
    config c;
    for (const auto& item : config_items(c)) {
        const auto name = full_name(item);
        CAPTURE(name);
        if (read_in_place.contains(name)) continue;
        REQUIRE_MESSAGE(known.contains(name), "say in meanings() what this item sets");
        CHECK(text_of(fields_set_by(name)) == text_of(known.at(name)));
    }
}

TEST_CASE("settings: each field of a part is set by an item") {
    names set;
    for (const auto& [item, fields] : meanings())
        set.insert(fields.begin(), fields.end());
    for (const auto& [field, value] : all_fields(config()))
        CHECK_MESSAGE(set.contains(field), field);
}
