#pragma once

#include "base/awaitable.hpp"
#include "protocols/dns/resolver.hpp"
#include "server/outbound/delivery_settings.hpp"
#include "server/outbound/host_protection.hpp"
#include "server/outbound/mail_hosts.hpp"

namespace hauspost::outbound {

/// The smarthost, which is asked for its addresses alone, and may stand in our network.
awaitable<mail_hosts> find_relay(dns::resolver& resolver,
                                 const smarthost& relay,
                                 dns::families families);

/// How a host has to prove itself by what the operator says: that the smarthost has to, if it is one.
/// Nobody counts it.
/// relay  null: the host is another domain's
[[nodiscard]] host_protection operators_protection(const smarthost* relay, const mail_host& host);

}  // namespace hauspost::outbound
