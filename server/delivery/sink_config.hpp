#pragma once

#include "server/delivery/routing_settings.hpp"

#include <cstddef>
#include <string>

namespace hauspost::delivery {

struct sink_config {
    std::string hostname = "localhost";  // the "by" of Received
    /// Whose postmaster "RCPT TO:<postmaster>" means; "": that of the first domain by name.
    std::string default_domain;
    routing_settings routing;
    /// What aliases and forwards send elsewhere leaves with a reverse-path of ours, so that the next
    /// server finds that we may send it (SPF).
    bool rewrite_forwards = true;
    bool trace_subjects = false;  // at first; whether the trace says what messages are about
    std::size_t max_received_fields = 50;  // RFC 5321 6.3; 0: no limit
};

}  // namespace hauspost::delivery
