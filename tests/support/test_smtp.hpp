#pragma once

#include "protocols/smtp/server/server_session.hpp"
#include "server/delivery/local_sink.hpp"
#include "server/outbound/own_addresses.hpp"
#include "server/outbound/sending_limits.hpp"
#include "server/outbound/submission_sink.hpp"
#include "tests/support/server_parts.hpp"

#include <memory>
#include <string>

namespace hauspost::test {

/// Other servers that bring mail: it goes into the store of a server's parts.
class smtp_server {
public:
    explicit smtp_server(server_parts& parts,
                         const delivery::way_out& leaving = {},
                         delivery::sink_config settings = {});
    ~smtp_server();
    smtp_server(const smtp_server&) = delete;
    smtp_server& operator=(const smtp_server&) = delete;

    /// A whole conversation of one client that sends all at once and then closes; all output.
    std::string talk(std::string input);

    server_parts& parts;
    smtp::session_config config;
    delivery::local_sink sink;
};

/// Mail programs that send: what is for here goes into the store of a server's parts, what is for
/// elsewhere waits there.
class submission_server {
public:
    explicit submission_server(server_parts& parts, const delivery::way_out& leaving = {});
    ~submission_server();
    submission_server(const submission_server&) = delete;
    submission_server& operator=(const submission_server&) = delete;

    /// All that is said to this input behind a login of Ann's.
    std::string submit(const std::string& input);
    std::string talk(memory_stream& peer);
    /// A session that the test runs. The peer comes from elsewhere, by TLS.
    std::unique_ptr<smtp::server_session> connect(memory_stream& peer);

    server_parts& parts;
    smtp::session_config config;
    outbound::sending_limits limits;  // none, until a test sets some
    delivery::local_sink relay;
    outbound::own_addresses senders;
    outbound::submission_sink sink;
    const smtp::submission_ports ports;
    const smtp::session_policy policy;
};

}  // namespace hauspost::test
