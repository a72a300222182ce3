#include "server/config/config_items.hpp"

#include <limits>
#include <utility>

namespace hauspost::server {
namespace {

constexpr std::uint64_t minute = 60;
constexpr std::uint64_t hour = 60 * minute;
constexpr std::uint64_t day = 24 * hour;
constexpr std::uint64_t kib = 1024;
constexpr std::uint64_t mib = 1024 * kib;
constexpr std::uint64_t gib = 1024 * mib;

/// When a changed value comes into force.
enum class in_force : bool { at_next_start, on_reload };

struct range {
    std::uint64_t least;
    std::uint64_t most;
    bool zero_is_off = false;
};

/// 0 switches it off.
constexpr range none_or(std::uint64_t least, std::uint64_t most) {
    return {least, most, true};
}

/// A field of a part that knows no "none": it gets its largest value for 0.
template <class Number>
config_field or_most(Number* field) {
    return {field, std::numeric_limits<Number>::max()};
}
config_field or_a_year(std::chrono::milliseconds* field) {
    return {field, 365 * day};
}

/// Collects items with one call each, so that the table below reads like the file.
class item_list {
public:
    item_list& section(std::string_view name, in_force when) {
        section_ = name;
        when_ = when;
        return *this;
    }
    item_list& text(std::string_view key, std::string* field) {
        return add(key, item_kind::text, {field}, {});
    }
    item_list& one_of(std::string_view key,
                      std::string* field,
                      std::vector<std::string_view> words) {
        add(key, item_kind::text, {field}, {});
        items_.back().words = std::move(words);
        return *this;
    }
    item_list& flag(std::string_view key, std::vector<config_field> fields) {
        return add(key, item_kind::flag, std::move(fields), {});
    }
    item_list& addresses(std::string_view key, endpoints* field) {
        return add(key, item_kind::addresses, {field}, {});
    }
    item_list& count(std::string_view key, config_field field, range within) {
        return add(key, item_kind::count, {field}, within);
    }
    item_list& count(std::string_view key, std::vector<config_field> fields, range within) {
        return add(key, item_kind::count, std::move(fields), within);
    }
    item_list& octets(std::string_view key, std::vector<config_field> fields, range within) {
        return add(key, item_kind::octets, std::move(fields), within);
    }
    item_list& time(std::string_view key, std::vector<config_field> fields, range within) {
        return add(key, item_kind::time, std::move(fields), within);
    }
    /// The last item stood in old_section by this name.
    item_list& was(std::string_view old_key) {
        items_.back().old_key = old_key;
        return *this;
    }
    /// A changed value of the last item comes into force at once.
    item_list& at_once() {
        items_.back().reloads = true;
        return *this;
    }
    /// The last item is the owner's where the file leaves it out.
    item_list& owners() {
        items_.back().is_owners = true;
        return *this;
    }
    std::vector<config_item> take() { return std::move(items_); }

private:
    item_list& add(std::string_view key,
                   item_kind kind,
                   std::vector<config_field> fields,
                   range within) {
        config_item made{section_, key, kind, std::move(fields)};
        made.least = within.least;
        made.most = within.most;
        made.zero_is_off = within.zero_is_off;
        made.reloads = when_ == in_force::on_reload;
        items_.push_back(std::move(made));
        return *this;
    }

    std::string_view section_;
    in_force when_ = in_force::at_next_start;
    std::vector<config_item> items_;
};

void add_general(item_list& list, config& c) {
    list.section("", in_force::at_next_start)
        .text("hostname", &c.hostname)
        .text("data_dir", &c.data_dir)
        .count("network_threads", &c.network_threads, none_or(1, 256));
    list.section("server", in_force::at_next_start).text("user", &c.user);
    list.section("listen", in_force::at_next_start);
    for (auto& one : c.listen.all)
        list.addresses(one.role->name, &one.at);
    list.section("tls", in_force::on_reload)
        .text("certificate", &c.tls.certificate)
        .text("private_key", &c.tls.private_key);
}

void add_accounts(item_list& list, config& c) {
    auto& logins = c.logins;
    auto& lockout = c.logins.lockout;
    list.section("accounts", in_force::at_next_start)
        .count("password_min_characters", &c.passwords.min_characters, {1, 128})
        .at_once()
        .owners()
        // 512 octets are hashed at most, and a character may take four of them.
        .count("password_max_characters", &c.passwords.max_characters, {8, 512})
        .flag("password_may_hold_address", {&c.passwords.may_hold_address})
        .at_once()
        .owners()
        .count("password_min_score", &c.passwords.min_score, none_or(1, 4))
        .at_once()
        .owners()
        .octets("argon2_memory", {{&logins.argon2.memory_kib, 0, kib}}, {8 * kib, 4 * gib})
        .count("argon2_passes", &logins.argon2.passes, {1, 100})
        .count("argon2_lanes", &logins.argon2.lanes, {1, 64})
        .count("hash_threads", &logins.hash_threads, none_or(1, 256))
        .count("hash_queue", &logins.max_waiting, {1, 10'000})
        .time("login_cache", {&logins.cache_age}, none_or(1, day))
        .count("login_cache_entries", &logins.cache_entries, {1, 10'000'000})
        .count("wrong_passwords_per_network", &lockout.wrong_per_network, none_or(1, 100'000))
        .count("wrong_passwords_per_account", &lockout.wrong_per_account, none_or(1, 100'000))
        .time("wrong_password_window", {&lockout.window}, {1, 30 * day})
        .time("ban", {&lockout.ban}, none_or(1, 30 * day))
        .text("never_banned", &c.never_banned)
        .at_once()
        .owners()
        .count("ban_entries", &lockout.max_entries, {1, 10'000'000})
        .flag("plain_login_on_loopback",
              {&c.imap.allow_plain_login_on_loopback, &c.pop3.allow_plain_login_on_loopback,
               &c.submission.allow_plain_login_on_loopback})
        .octets("default_quota", {&c.default_quota}, none_or(mib, 1024 * 1024 * gib))
        .at_once()
        .owners()
        .flag("file_sent", {&c.files_sent})
        .at_once()
        .owners()
        .time("retention", {&c.store.retention}, none_or(1, 3650 * day))
        .at_once()
        .owners()
        .count("expunged_quotas", &c.store.expunged_quotas, none_or(1, 1000))
        .time("vanished_age", {&c.store.vanished_age}, {1, 3650 * day})
        .count("vanished_ranges", &c.store.vanished_ranges, {1, 10'000'000});
}

void add_admin(item_list& list, config& c) {
    list.section("admin", in_force::at_next_start)
        .time("session_idle", {&c.admin.session_idle}, {minute, 30 * day})
        .time("session_longest", {&c.admin.session_longest}, {minute, 365 * day})
        .time("audit_retention", {&c.store.audit_age}, {day, 3650 * day})
        .time("dns_check", {&c.dns_check}, none_or(1, 30 * day));
}

void add_limits(item_list& list, config& c) {
    list.section("limits", in_force::at_next_start)
        .count("connections", {&c.gate.max_connections, 1'000'000}, none_or(1, 1'000'000))
        .count("connections_per_address", &c.gate.max_per_address, none_or(1, 1'000'000))
        .count("new_connections_per_minute", &c.gate.max_new_per_minute, none_or(1, 1'000'000))
        .flag("exempt_loopback", {&c.gate.exempt_loopback})
        .time("tls_handshake",
              {&c.tls_handshake, &c.smtp.limits.tls_timeout, &c.submission.limits.tls_timeout,
               &c.imap.tls_timeout, &c.pop3.tls_timeout},
              {1, hour})
        .count("mailboxes_per_account", or_most(&c.store.max_mailboxes), none_or(6, 1'000'000))
        .octets("min_free_disk", {&c.store.min_free_octets, &c.index.min_free_octets},
                none_or(mib, 1024 * gib))
        .octets("metadata_size", {&c.store.map_octets}, {16 * mib, 16'384 * gib});
    list.section("limits", in_force::on_reload)
        .time("write_stall",
              {&c.smtp.limits.write_timeout, &c.submission.limits.write_timeout,
               &c.imap.write_timeout, &c.pop3.write_timeout},
              {1, day})
        .time("drain", {&c.drain}, none_or(1, hour))
        // RFC 1870 4: the octet count of SIZE may have 20 digits; blobs, and IMAP's literals
        // (RFC 3501 9, number), count in 32 bits.
        .octets("message_size",
                {or_most(&c.smtp.limits.max_message_octets),
                 {&c.imap.limits.append_octets, 0xffff'ffff}},
                none_or(kib, 4 * gib - 1))
        .owners();
}

// From here on keys are named after the fields that they set.

/// What is of the protocol and not of what a port is for counts for both.
void add_smtp(item_list& list, smtp::session_config& s, smtp::session_config& submission) {
    auto& l = s.limits;
    auto& m = submission.limits;
    list.section("smtp", in_force::on_reload)
        // RFC 5321 4.5.3.1.4: at least 512 must be taken.
        .octets("max_command_octets", {&l.max_command_octets, &m.max_command_octets},
                {512, 64 * kib})
        .was("smtp_line")
        .count("max_recipients", or_most(&l.max_recipients), none_or(1, 100'000))
        .was("recipients_per_message")
        .count("max_messages", or_most(&l.max_messages), none_or(1, 1'000'000))
        .was("messages_per_connection")
        .octets("max_session_octets", {or_most(&l.max_session_octets)}, none_or(kib, 1024 * gib))
        .was("octets_per_connection")
        .count("max_bdat_chunks", {or_most(&l.max_bdat_chunks), or_most(&m.max_bdat_chunks)},
               none_or(1, 1'000'000))
        .was("smtp_chunks_per_message")
        .count("soft_bad_commands", {or_most(&l.soft_bad_commands), or_most(&m.soft_bad_commands)},
               none_or(1, 1'000'000))
        .was("smtp_bad_commands_slow")
        .count("hard_bad_commands", {or_most(&l.hard_bad_commands), or_most(&m.hard_bad_commands)},
               none_or(1, 1'000'000))
        .was("smtp_bad_commands")
        .time("bad_command_delay", {&l.bad_command_delay, &m.bad_command_delay}, none_or(1, minute))
        .was("smtp_bad_command_delay")
        .count("max_idle_commands", {or_most(&l.max_idle_commands), or_most(&m.max_idle_commands)},
               none_or(1, 1'000'000))
        .was("smtp_idle_commands")
        .count("max_refused_recipients",
               {or_most(&l.max_refused_recipients), or_most(&m.max_refused_recipients)},
               none_or(1, 1'000'000))
        .was("smtp_refused_recipients")
        .time("greet_pause", {&s.greet_pause}, none_or(1, minute))
        .was("smtp_greet_pause")
        .time("command_timeout", {&l.command_timeout, &m.command_timeout}, {1, day})
        .was("smtp_command_wait")
        .time("data_timeout", {&l.data_timeout, &m.data_timeout}, {1, day})
        .was("smtp_data_wait")
        .count("min_data_rate", {&l.min_data_rate, &m.min_data_rate}, none_or(1, 1'000'000))
        .was("smtp_min_rate")
        .time("stress_timeout", {&l.stress_timeout, &m.stress_timeout}, {1, day})
        .was("stress_wait");
}

void add_submission(item_list& list, config& c) {
    auto& s = c.submission;
    list.section("submission", in_force::on_reload)
        .count("max_recipients", or_most(&s.limits.max_recipients), none_or(1, 100'000))
        .count("max_messages", or_most(&s.limits.max_messages), none_or(1, 1'000'000))
        .count("max_failed_logins", or_most(&s.max_failed_logins), none_or(1, 1'000'000))
        .count("sessions_per_account", &c.submission_sessions_per_account, none_or(1, 1'000'000))
        .time("wrong_password_delay", {&s.wrong_password_delay}, none_or(1, minute))
        .time("login_timeout", {or_a_year(&s.login_timeout)}, none_or(1, day))
        .time("max_hold", {&s.max_hold}, none_or(60, 365 * day));
}

void add_sending(item_list& list, outbound::sending_settings& s) {
    auto& l = s.limits;
    list.section("sending", in_force::on_reload)
        .count("messages_per_hour", &l.messages_per_hour, none_or(1, 10'000'000))
        .owners()
        .count("messages_per_day", &l.messages_per_day, none_or(1, 10'000'000))
        .owners()
        .count("recipients_per_hour", &l.recipients_per_hour, none_or(1, 10'000'000))
        .owners()
        .count("recipients_per_day", &l.recipients_per_day, none_or(1, 10'000'000))
        .owners()
        .count("new_recipients_per_day", &l.new_recipients_per_day, none_or(1, 10'000'000))
        .owners()
        .count("freeze_unknown_recipients", &s.freeze_unknown_recipients, none_or(1, 1'000'000))
        .count("freeze_unknown_percent", &s.freeze_unknown_percent, {1, 100});
}

void add_imap(item_list& list, config& c) {
    auto& s = c.imap;
    auto& l = c.imap.limits;
    list.section("imap", in_force::on_reload)
        .octets("line_octets_before_login", {&l.line_octets_before_login}, {kib, mib})
        .was("imap_line_before_login")
        .octets("line_octets", {&l.line_octets}, {kib, 16 * mib})
        .was("imap_line")
        .octets("literal_octets_before_login", {&l.literal_octets_before_login}, {512, mib})
        .was("imap_literal_before_login")
        .octets("literal_octets", {&l.literal_octets}, {kib, 16 * mib})
        .was("imap_literal")
        .octets("command_octets", {&l.command_octets}, {8 * kib, 64 * mib})
        .was("imap_command")
        .count("literals", &l.literals, {1, 100'000})
        .was("imap_literals")
        .octets("append_command_octets", {&l.append_command_octets}, none_or(kib, 1024 * gib))
        .was("imap_append_octets")
        .count("max_bad_commands_before_login", or_most(&s.max_bad_commands_before_login),
               none_or(1, 1'000'000))
        .was("imap_bad_commands_before_login")
        .count("max_bad_commands", or_most(&s.max_bad_commands), none_or(1, 1'000'000))
        .was("imap_bad_commands")
        .count("max_failed_logins", or_most(&s.max_failed_logins), none_or(1, 1'000'000))
        .was("imap_failed_logins")
        .count("sessions_per_account", &c.imap_sessions_per_account, none_or(1, 1'000'000))
        .was("imap_sessions_per_account")
        .time("wrong_password_delay", {&s.wrong_password_delay}, none_or(1, minute))
        .was("imap_wrong_password_delay")
        .time("login_timeout", {or_a_year(&s.login_timeout)}, none_or(1, day))
        .was("imap_login")
        .time("autologout", {&s.autologout}, {1, 7 * day})
        .was("imap_idle")
        .time("search_timeout", {or_a_year(&s.search_timeout)}, none_or(1, hour))
        .was("imap_search")
        // RFC 9738 4: at least 1000.
        .count("max_messages_of_command", &s.max_messages_of_command, none_or(1000, UINT32_MAX))
        .was("imap_messages_per_command");
}

void add_pop3(item_list& list, pop3::session_config& s) {
    list.section("pop3", in_force::on_reload)
        // RFC 2449 4: 255 at least.
        .octets("line_octets", {&s.limits.line_octets}, {255, 64 * kib})
        .was("pop3_line")
        .count("messages", &s.limits.messages, {1, 100'000'000})
        .was("pop3_messages")
        .count("max_bad_commands_before_login", or_most(&s.max_bad_commands_before_login),
               none_or(1, 1'000'000))
        .was("pop3_bad_commands_before_login")
        .count("max_bad_commands", or_most(&s.max_bad_commands), none_or(1, 1'000'000))
        .was("pop3_bad_commands")
        .count("max_failed_logins", or_most(&s.max_failed_logins), none_or(1, 1'000'000))
        .was("pop3_failed_logins")
        .time("wrong_password_delay", {&s.wrong_password_delay}, none_or(1, minute))
        .was("pop3_wrong_password_delay")
        .time("login_timeout", {or_a_year(&s.login_timeout)}, none_or(1, day))
        .was("pop3_login")
        .time("idle_timeout", {&s.idle_timeout}, {1, 7 * day})
        .was("pop3_idle")
        .time("takeover_silence", {&s.takeover_silence}, {1, day})
        .was("pop3_silence")
        .time("takeover_wait", {&s.takeover_wait}, none_or(1, minute))
        .was("pop3_takeover");
}

void add_others(item_list& list, config& c) {
    auto& routing = c.delivery.routing;
    list.section("delivery", in_force::at_next_start)
        .text("owner_mailbox", &routing.owner_mailbox)
        .owners()
        .count("received_fields", &c.delivery.max_received_fields, none_or(1, 1000))
        .count("max_depth", &routing.max_depth, {1, 1000})
        .count("max_targets", &routing.max_targets, {1, 100'000})
        .count("max_targets_of_message", &routing.max_targets_of_message, none_or(1, 1'000'000))
        .flag("rewrite_forwards", {&c.delivery.rewrite_forwards})
        .one_of("rewrite_from", &c.sending.rewrite_from, {"needed", "never"})
        .flag("arc_seal", {&c.sending.arc_seal})
        .text("resolver", &c.sending.resolver)
        .text("reach_test", &c.sending.reach_test)
        .text("block_lists", &c.sending.block_lists)
        .text("dnssec_anchor", &c.sending.dnssec_anchor)
        .text("relay", &c.sending.relay)
        .text("relay_user", &c.sending.relay_user)
        .text("relay_password_file", &c.sending.relay_password_file)
        .text("relay_of", &c.sending.relay_of)
        .flag("relay_verify", {&c.sending.relay_verify})
        .text("trusted_roots", &c.sending.trusted_roots)
        .time("retry_first", {&c.outgoing.retry.first}, {1, day})
        .time("retry_longest", {&c.outgoing.retry.longest}, {1, 7 * day})
        .time("give_up", {&c.outgoing.retry.give_up}, {1, 365 * day})
        .time("delay_notice", {&c.outgoing.retry.delay_notice}, {1, 365 * day})
        .count("connections", &c.outgoing.max_deliveries, {1, 10'000})
        .count("connections_per_domain", &c.outgoing.max_deliveries_of_domain, {1, 1'000})
        .count("recipients_per_connection", &c.outgoing.max_recipients, {1, 10'000})
        .count("messages_per_minute", &c.outgoing.rates.per_minute, none_or(1, 1'000'000))
        .text("messages_per_minute_of", &c.sending.messages_per_minute_of)
        .time("lease", {&c.outgoing.lease}, {2, hour})
        .flag("private_networks", {&c.outgoing.hosts.may_lead_inwards})
        .count("remote_port", &c.outgoing.port, {1, 65'535})
        .flag("mta_sts", {&c.outgoing.uses_mta_sts})
        .count("mta_sts_port", &c.outgoing.policy_port, {1, 65'535})
        .flag("tls_reports", {&c.outgoing.reports_tls})
        .text("tls_report_contact", &c.outgoing.report_contact)
        .one_of("report_language", &c.sending.report_language, {"en", "de"})
        .owners();
    list.section("trace", in_force::at_next_start)
        .count("keep_days", &c.store.trace_days, none_or(1, 3650))
        .at_once()
        .owners()
        .octets("max_size", {&c.store.trace_octets}, none_or(mib, 1024 * gib))
        .flag("subjects", {&c.store.trace_subjects})
        .at_once()
        .owners();
    list.section("search", in_force::at_next_start)
        .flag("index", {&c.has_index})
        .time("commit_interval", {&c.index.commit_interval}, {1, day});
    list.section("log", in_force::on_reload)
        .one_of("level", &c.log.level, {"trace", "debug", "info", "warn", "error", "off"})
        .text("target", &c.log.target)
        .one_of("format", &c.log.format, {"text", "json"});
}

}  // namespace

std::vector<config_item> config_items(config& values) {
    item_list list;
    add_general(list, values);
    add_accounts(list, values);
    add_admin(list, values);
    add_limits(list, values);
    add_smtp(list, values.smtp, values.submission);
    add_submission(list, values);
    add_sending(list, values.senders);
    add_imap(list, values);
    add_pop3(list, values.pop3);
    add_others(list, values);
    return list.take();
}

}  // namespace hauspost::server
