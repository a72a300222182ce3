#include "server/config/config_items.hpp"

#include "server/config/config_change.hpp"
#include "tests/support/test_data.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

using namespace hauspost;
using namespace hauspost::server;

namespace {

/// Names that items had in [limits], and what they are called now.
const std::vector<std::pair<std::string, std::string>> renamed{
    {"smtp_line", "smtp.max_command_octets"},
    {"recipients_per_message", "smtp.max_recipients"},
    {"messages_per_connection", "smtp.max_messages"},
    {"octets_per_connection", "smtp.max_session_octets"},
    {"smtp_chunks_per_message", "smtp.max_bdat_chunks"},
    {"smtp_bad_commands_slow", "smtp.soft_bad_commands"},
    {"smtp_bad_commands", "smtp.hard_bad_commands"},
    {"smtp_bad_command_delay", "smtp.bad_command_delay"},
    {"smtp_idle_commands", "smtp.max_idle_commands"},
    {"smtp_refused_recipients", "smtp.max_refused_recipients"},
    {"smtp_greet_pause", "smtp.greet_pause"},
    {"smtp_command_wait", "smtp.command_timeout"},
    {"smtp_data_wait", "smtp.data_timeout"},
    {"smtp_min_rate", "smtp.min_data_rate"},
    {"stress_wait", "smtp.stress_timeout"},
    {"imap_line_before_login", "imap.line_octets_before_login"},
    {"imap_line", "imap.line_octets"},
    {"imap_literal_before_login", "imap.literal_octets_before_login"},
    {"imap_literal", "imap.literal_octets"},
    {"imap_command", "imap.command_octets"},
    {"imap_literals", "imap.literals"},
    {"imap_append_octets", "imap.append_command_octets"},
    {"imap_bad_commands_before_login", "imap.max_bad_commands_before_login"},
    {"imap_bad_commands", "imap.max_bad_commands"},
    {"imap_failed_logins", "imap.max_failed_logins"},
    {"imap_sessions_per_account", "imap.sessions_per_account"},
    {"imap_wrong_password_delay", "imap.wrong_password_delay"},
    {"imap_login", "imap.login_timeout"},
    {"imap_idle", "imap.autologout"},
    {"imap_search", "imap.search_timeout"},
    {"imap_messages_per_command", "imap.max_messages_of_command"},
    {"pop3_line", "pop3.line_octets"},
    {"pop3_messages", "pop3.messages"},
    {"pop3_bad_commands_before_login", "pop3.max_bad_commands_before_login"},
    {"pop3_bad_commands", "pop3.max_bad_commands"},
    {"pop3_failed_logins", "pop3.max_failed_logins"},
    {"pop3_wrong_password_delay", "pop3.wrong_password_delay"},
    {"pop3_login", "pop3.login_timeout"},
    {"pop3_idle", "pop3.idle_timeout"},
    {"pop3_silence", "pop3.takeover_silence"},
    {"pop3_takeover", "pop3.takeover_wait"},
};

const config_item& item_of(const std::vector<config_item>& items, const std::string& name) {
    for (const auto& item : items)
        if (full_name(item) == name) return item;
    FAIL("no item " << name);
    return items.front();
}

std::string table_source() {
    std::ifstream file(test::test_data() / "../../server/config/config_items.cpp");
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("config items: each sets fields that no other one sets") {
    config values;
    std::set<const void*> seen;
    for (const auto& item : config_items(values)) {
        CHECK_MESSAGE(!item.fields.empty(), full_name(item));
        for (const auto& field : item.fields) {
            const auto* at = std::visit([](auto* place) -> const void* { return place; }, field.at);
            CHECK_MESSAGE(seen.insert(at).second, full_name(item));
        }
    }
}

TEST_CASE("config items: the fields of one item have one default") {
    config values;
    for (const auto& item : config_items(values)) {
        if (item.kind == item_kind::flag) {
            for (const auto& field : item.fields)
                CHECK_MESSAGE(
                    *std::get<bool*>(field.at) == *std::get<bool*>(item.fields.front().at),
                    full_name(item));
            continue;
        }
        const auto number = [](const config_field& field) -> std::uint64_t {
            const auto of = [](auto* at) -> std::uint64_t {
                using type = std::remove_pointer_t<decltype(at)>;
                if constexpr (std::is_same_v<type, std::chrono::seconds> ||
                              std::is_same_v<type, std::chrono::milliseconds>)
                    return static_cast<std::uint64_t>(std::chrono::milliseconds(*at).count());
                else if constexpr (std::is_integral_v<type>)
                    return *at;
                else
                    return 0;
            };
            return std::visit(of, field.at);
        };
        for (const auto& field : item.fields)
            CHECK_MESSAGE(number(field) == number(item.fields.front()), full_name(item));
    }
}

TEST_CASE(
    "config items: keys of [smtp], [submission], [sending], [imap] and [pop3] are the names of "
    "fields") {
    const auto source = table_source();
    const auto table = source.find("void add_smtp(");
    const auto end = source.find("void add_others(");
    REQUIRE(table < end);
    REQUIRE(end != std::string::npos);
    const auto rows = source.substr(table, end - table);
    const std::regex row(R"re(\.(?:count|octets|time|flag)\("([a-z0-9_]+)",\s*([^,]+),)re");
    std::size_t found = 0;
    for (std::sregex_iterator at(rows.begin(), rows.end(), row), last; at != last; ++at, ++found) {
        const std::string key = (*at)[1];
        const std::string field = (*at)[2];
        CHECK_MESSAGE(std::regex_search(field, std::regex("[._]" + key + "\\)?\\}?$")), field);
    }
    config values;
    const auto items = config_items(values);
    const auto never_renamed = std::ranges::count_if(items, [](const auto& item) {
        return item.section == "submission" || item.section == "sending";
    });
    CHECK(found == renamed.size() + static_cast<std::size_t>(never_renamed));
}

TEST_CASE("config items: a name from before goes on working, with a note of the new one") {
    config values;
    const auto items = config_items(values);
    for (const auto& [old, now] : renamed) {
        CAPTURE(old);
        const auto& item = item_of(items, now);
        const auto number = item.least == 1 ? 7 : item.least + 1;
        const auto value = " = " + std::to_string(number) + "\n";
        const auto by_old = parse_config("[limits]\n" + old + value);
        const auto by_new =
            parse_config("[" + std::string(item.section) + "]\n" + std::string(item.key) + value);
        CHECK(describe(by_old.faults, "f") == "");
        CHECK(differences(by_old.values, config{}) == std::vector{now});
        CHECK(differences(by_old.values, by_new.values).empty());
        CHECK(by_new.notes.empty());
        CHECK(describe(by_old.notes, "f").starts_with("f:2:"));
        CHECK(describe(by_old.notes, "f").find(": limits." + old + " is now " + now + "; ") !=
              std::string::npos);
    }
    std::size_t old_names = 0;
    for (const auto& item : items)
        old_names += item.old_key.empty() ? 0 : 1;
    CHECK(old_names == renamed.size());
}

TEST_CASE("config items: faults name an item as the file does") {
    const auto told = [](const std::string& text) {
        return describe(parse_config(text).faults, "f");
    };
    CHECK(told("[limits]\nsmtp_line = 1\n").find("limits.smtp_line is out of range: 1 octets") !=
          std::string::npos);
    CHECK(told("[limits]\nimap_idel = 5\n").find("did you mean \"autologout\", in [imap]?") !=
          std::string::npos);
    CHECK(told("[imap]\nimap_idle = 5\n").find("did you mean") == std::string::npos);
    for (const char* both : {"[imap]\nautologout = 60\n[limits]\nimap_idle = 60\n",
                             "[pop3]\nidle_timeout = 60\n[limits]\npop3_idle = 60\n"})
        CHECK_MESSAGE(
            told(both).find("are one item, given twice; take limits.") != std::string::npos,
            told(both));
}

TEST_CASE("config items: 0 switches a limit off, also where a part knows no off") {
    config c;
    for (const auto& item : config_items(c))
        if (item.zero_is_off) item.set(std::uint64_t{0});
    CHECK(c.smtp.limits.max_message_octets == smtp::no_limit<std::uint64_t>);
    CHECK(c.smtp.limits.max_recipients == smtp::no_limit<std::size_t>);
    CHECK(c.smtp.limits.hard_bad_commands == smtp::no_limit<std::size_t>);
    CHECK(c.imap.limits.append_octets == 0xffff'ffffU);
    CHECK(c.imap.limits.append_command_octets == 0);
    CHECK(c.imap.max_messages_of_command == 0);
    CHECK(c.imap.max_bad_commands == std::numeric_limits<unsigned>::max());
    CHECK(c.imap.max_failed_logins == std::numeric_limits<unsigned>::max());
    CHECK(c.pop3.max_bad_commands_before_login == std::numeric_limits<unsigned>::max());
    for (const auto time : {c.imap.login_timeout, c.imap.search_timeout, c.pop3.login_timeout})
        CHECK(time > std::chrono::hours(24 * 300));
    CHECK(c.store.max_mailboxes == std::numeric_limits<std::size_t>::max());
    CHECK(c.gate.max_per_address == 0);
    CHECK(c.gate.max_connections == 1'000'000);
    CHECK(c.imap_sessions_per_account == 0);
}

TEST_CASE("config items: what counts for several parts comes to all of them") {
    const auto c = parse_config(
                       "hostname = \"mail.example.test\"\n[accounts]\nplain_login_on_loopback = "
                       "false\n[limits]\nmessage_size = 3000\ntls_handshake = 7\nwrite_stall = "
                       "8\nmin_free_disk = \"2 MiB\"\n")
                       .values;
    using std::chrono::seconds;
    CHECK(c.smtp.limits.max_message_octets == 3000);
    CHECK(c.imap.limits.append_octets == 3000);
    CHECK(c.tls_handshake == seconds(7));
    CHECK(c.smtp.limits.tls_timeout == seconds(7));
    CHECK(c.imap.tls_timeout == seconds(7));
    CHECK(c.pop3.tls_timeout == seconds(7));
    CHECK(c.smtp.limits.write_timeout == seconds(8));
    CHECK(c.imap.write_timeout == seconds(8));
    CHECK(c.pop3.write_timeout == seconds(8));
    CHECK(c.store.min_free_octets == 2 << 20);
    CHECK(c.index.min_free_octets == 2 << 20);
    CHECK(!c.imap.allow_plain_login_on_loopback);
    CHECK(!c.pop3.allow_plain_login_on_loopback);
    CHECK(hostname_of(c) == "mail.example.test");
    CHECK(!hostname_of(config{}).empty());
}

TEST_CASE("config items: the owner's mailbox is canonical, and its domain is the default one") {
    const auto c = parse_config("[delivery]\nowner_mailbox = \"Owner@Example.test\"\n").values;
    CHECK(c.delivery.routing.owner_mailbox == "owner@example.test");
    CHECK(c.delivery.default_domain == "example.test");
}
