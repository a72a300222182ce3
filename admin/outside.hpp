#pragma once

#include "base/awaitable.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::admin {

/// One thing that a delivery would do, and how it went; in plain English.
struct test_step {
    test_step() = default;
    enum class verdict : std::uint8_t { good, note, bad };
    std::string what;  // "connection"
    verdict how = verdict::good;
    std::string words;
    std::string advice;  // what can be done; "": nothing has to be
};

/// What the DNS says to one question.
struct seen_records {
    seen_records() = default;
    bool is_known = false;            // else it does not answer now
    std::vector<std::string> values;  // as domain_records has them; texts as one quoted string
    bool is_secure = false;           // proven by DNSSEC
};

/// Whether this server reaches others on the port where they take mail.
struct outward_test {
    outward_test() = default;
    enum class state : std::uint8_t { open, shut, unknown };
    state how = state::unknown;
    std::string host;   // "mx.example.net [192.0.2.1]": who was tried
    std::string words;  // why not, in plain English
};

/// The port to what a running server sees of others; implemented in server/ over server/outbound.
///
/// Throws  storage::fault, all calls
/// Thread  any; all resume on the caller's executor
class outside {
public:
    virtual ~outside() = default;

    /// Goes the way of a message to the address, up to RCPT; nothing is sent. Takes up to minutes.
    /// address  canonical, of a domain that is none of ours
    /// sender   canonical, of a domain of ours: in whose name it asks; "": the server's own
    virtual awaitable<std::vector<test_step>> test_delivery(std::string address,
                                                            std::string sender) = 0;

    /// Connects to servers of the domain, and says nothing. Takes up to a minute.
    virtual awaitable<outward_test> try_port_25(std::string domain) = 0;

    /// type  "MX", "TXT", "SRV", "TLSA", "CAA", "CNAME", or "A": its addresses, IPv6 too; "PTR": the
    ///       names of the address that `name` is
    virtual awaitable<seen_records> look_up(std::string name, std::string type) = 0;
};

}  // namespace hauspost::admin
