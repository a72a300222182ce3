#include "server/part_settings.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace hauspost;
using namespace hauspost::server;

TEST_CASE("part settings: the defaults of the file are the defaults of the parts") {
    const config c;
    const smtp::limits smtp_built_in;
    const auto smtp_set = smtp_config_of(c).limits;
    CHECK(smtp_set.max_command_octets == smtp_built_in.max_command_octets);
    CHECK(smtp_set.max_message_octets == smtp_built_in.max_message_octets);
    CHECK(smtp_set.max_session_octets == smtp_built_in.max_session_octets);
    CHECK(smtp_set.max_recipients == smtp_built_in.max_recipients);
    CHECK(smtp_set.max_messages == smtp_built_in.max_messages);
    CHECK(smtp_set.max_bdat_chunks == smtp_built_in.max_bdat_chunks);
    CHECK(sink_config_of(c).max_received_fields == delivery::sink_config().max_received_fields);
    CHECK(smtp_set.hard_bad_commands == smtp_built_in.hard_bad_commands);
    CHECK(smtp_set.bad_command_delay == smtp_built_in.bad_command_delay);
    CHECK(smtp_set.command_timeout == smtp_built_in.command_timeout);
    CHECK(smtp_set.data_timeout == smtp_built_in.data_timeout);
    CHECK(smtp_set.min_data_rate == smtp_built_in.min_data_rate);
    CHECK(smtp_set.write_timeout == smtp_built_in.write_timeout);
    const imap::session_config imap_built_in;
    const auto imap_set = imap_config_of(c);
    CHECK(imap_set.limits.line_octets == imap_built_in.limits.line_octets);
    CHECK(imap_set.limits.literal_octets == imap_built_in.limits.literal_octets);
    CHECK(imap_set.limits.command_octets == imap_built_in.limits.command_octets);
    CHECK(imap_set.limits.append_octets == imap_built_in.limits.append_octets);
    CHECK(imap_set.limits.append_command_octets == imap_built_in.limits.append_command_octets);
    CHECK(imap_set.login_timeout == imap_built_in.login_timeout);
    CHECK(imap_set.autologout == imap_built_in.autologout);
    CHECK(imap_set.wrong_password_delay == imap_built_in.wrong_password_delay);
    CHECK(imap_set.max_bad_commands == imap_built_in.max_bad_commands);
    CHECK(imap_set.max_failed_logins == imap_built_in.max_failed_logins);
    const pop3::session_config pop3_built_in;
    const auto pop3_set = pop3_config_of(c);
    CHECK(pop3_set.limits.line_octets == pop3_built_in.limits.line_octets);
    CHECK(pop3_set.limits.messages == pop3_built_in.limits.messages);
    CHECK(pop3_set.login_timeout == pop3_built_in.login_timeout);
    CHECK(pop3_set.idle_timeout == pop3_built_in.idle_timeout);
    CHECK(pop3_set.write_timeout == pop3_built_in.write_timeout);
    CHECK(pop3_set.wrong_password_delay == pop3_built_in.wrong_password_delay);
    CHECK(pop3_set.takeover_silence == pop3_built_in.takeover_silence);
    CHECK(pop3_set.takeover_wait == pop3_built_in.takeover_wait);
    CHECK(pop3_set.max_bad_commands_before_login == pop3_built_in.max_bad_commands_before_login);
    CHECK(pop3_set.max_bad_commands == pop3_built_in.max_bad_commands);
    CHECK(pop3_set.max_failed_logins == pop3_built_in.max_failed_logins);
    CHECK(authenticator_settings_of(c).argon2 == auth::argon2_parameters());
    CHECK(store_options_of(c).map_octets == storage::store_options().map_octets);
    CHECK(store_options_of(c).retention == storage::store_options().retention);
    CHECK(store_options_of(c).min_free_octets == storage::store_options().min_free_octets);
}

TEST_CASE("part settings: 0 switches a limit off, also where a part knows no off") {
    config c;
    c.limits.message_size = {};
    c.limits.imap_bad_commands = 0;
    c.limits.imap_login = std::chrono::seconds(0);
    c.limits.mailboxes_per_account = 0;
    c.limits.connections_per_address = 0;
    CHECK(smtp_config_of(c).limits.max_message_octets == 0);
    CHECK(imap_config_of(c).limits.append_octets == 0xffff'ffffU);
    c.limits.imap_append_octets = {};
    CHECK(imap_config_of(c).limits.append_command_octets == 0);
    CHECK(imap_config_of(c).max_bad_commands == std::numeric_limits<unsigned>::max());
    CHECK(imap_config_of(c).login_timeout > std::chrono::hours(24 * 300));
    c.limits.pop3_login = std::chrono::seconds(0);
    c.limits.pop3_failed_logins = 0;
    CHECK(pop3_config_of(c).login_timeout > std::chrono::hours(24 * 300));
    CHECK(pop3_config_of(c).max_failed_logins == std::numeric_limits<unsigned>::max());
    CHECK(store_options_of(c).max_mailboxes == std::numeric_limits<std::size_t>::max());
    CHECK(gate_limits_of(c).max_per_address == 0);
}

TEST_CASE("part settings: a message that may come alone may come in an APPEND of several") {
    config c;
    c.limits.message_size = {3'000};
    c.limits.imap_append_octets = {2'000};
    CHECK(imap_config_of(c).limits.append_command_octets == 3'000);
    c.limits.imap_append_octets = {4'000};
    CHECK(imap_config_of(c).limits.append_command_octets == 4'000);
    c.limits.message_size = {};
    CHECK(imap_config_of(c).limits.append_command_octets == 0xffff'ffffU);
}

TEST_CASE("part settings: without a configured name the machine's own is used") {
    config c;
    CHECK(!hostname_of(c).empty());
    c.hostname = "mail.example.test";
    CHECK(hostname_of(c) == "mail.example.test");
    CHECK(smtp_config_of(c).hostname == "mail.example.test");
    CHECK(imap_config_of(c).hostname == "mail.example.test");
}

TEST_CASE("part settings: postmaster without a domain means the owner's mailbox") {
    config c;
    c.delivery.owner_mailbox = "Owner@Example.test";
    CHECK(sink_config_of(c).default_domain == "example.test");
    CHECK(sink_config_of(c).routing.owner_mailbox == "owner@example.test");
}
