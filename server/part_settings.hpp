#pragma once

#include "base/log.hpp"
#include "protocols/imap/session/session.hpp"
#include "protocols/net/connection_gate.hpp"
#include "protocols/pop3/session/session.hpp"
#include "protocols/smtp/session/server_session.hpp"
#include "server/auth/authenticator.hpp"
#include "server/auth/password_rules.hpp"
#include "server/config/config.hpp"
#include "server/delivery/local_sink.hpp"
#include "storage/index/search_indexer.hpp"
#include "storage/lmdb/store_options.hpp"

#include <string>

/// What the configuration means for each part of the house. Where a part has no "off", 0 becomes
/// its largest value.
namespace hauspost::server {

/// The name in greetings: the configured one, else the machine's.
[[nodiscard]] std::string hostname_of(const config& c);
[[nodiscard]] log_settings log_settings_of(const config& c);
[[nodiscard]] storage::store_options store_options_of(const config& c);
[[nodiscard]] storage::indexer_settings indexer_settings_of(const config& c);
[[nodiscard]] auth::authenticator_settings authenticator_settings_of(const config& c);
[[nodiscard]] auth::password_rules password_rules_of(const config& c);
[[nodiscard]] net::gate_limits gate_limits_of(const config& c);
[[nodiscard]] delivery::sink_config sink_config_of(const config& c);
[[nodiscard]] smtp::session_config smtp_config_of(const config& c);
[[nodiscard]] imap::session_config imap_config_of(const config& c);
[[nodiscard]] pop3::session_config pop3_config_of(const config& c);

}  // namespace hauspost::server
