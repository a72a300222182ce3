#pragma once

#include "base/awaitable.hpp"
#include "server/outbound/domain_delivery.hpp"

#include <cstdint>
#include <string>

namespace hauspost::outbound {

/// Whether other mail servers can be reached at all.
struct outward_verdict {
    outward_verdict() = default;
    enum class state : std::uint8_t { open, shut, unknown };
    state how = state::unknown;
    std::string host;   // "mx.example.net [192.0.2.1]": who was tried last; "": nobody
    std::string words;  // why not, in plain English; "": it was reached
};

/// Connects to a few servers of a domain that is known to be there, says nothing and goes. Some
/// networks let nothing out on port 25: then none of them answers, and all mail waits.
///
/// Lifetime: ports must outlive it. Thread: that of deliveries.
/// port  where others take mail
awaitable<outward_verdict> probe_outward(const delivery_ports& ports,
                                         std::string domain,
                                         std::uint16_t port);

}  // namespace hauspost::outbound
