#pragma once

#include "protocols/pop3/session/session.hpp"
#include "tests/support/server_parts.hpp"
#include "tests/support/test_imap.hpp"

#include <memory>
#include <string>

namespace hauspost::test {

/// POP3 sessions on a server's parts, and IMAP sessions beside them.
class pop3_server {
public:
    pop3_server();
    pop3_server(const pop3_server&) = delete;
    pop3_server& operator=(const pop3_server&) = delete;

    [[nodiscard]] pop3::session_ports ports();

    /// A whole conversation of one client that sends all at once and then closes; all output.
    std::string talk(std::string input);
    /// The same over a stream that the test has set up.
    std::string talk(memory_stream& peer);
    /// As talk, logged in as Ann; without the greeting and the answers of USER and PASS.
    std::string as_ann(std::string input);
    /// The UIDs of a mailbox of Ann's, and those of them with \Seen.
    std::string uids(std::string mailbox = "INBOX");
    std::string seen_uids();

    server_parts parts;
    imap_server imap{parts};
    pop3::session_config config;
    pop3::maildrop_locks locks;

private:
    std::string list_uids(std::string mailbox, std::uint32_t flags);
};

inline const std::string pop3_greeting = "+OK pop3.a.example POP3 ready\r\n";
inline const std::string pop3_login = "USER ann@a.example\r\nPASS pw\r\n";
inline const std::string pop3_logged_in =
    "+OK send the password\r\n+OK maildrop locked and ready\r\n";

/// A client that talks step by step, for tests of several sessions at once.
class pop3_client {
public:
    /// user  logs in; "": does not
    explicit pop3_client(pop3_server& server, std::string user = "ann@a.example");
    /// Ends the session and waits for it.
    ~pop3_client();
    pop3_client(const pop3_client&) = delete;
    pop3_client& operator=(const pop3_client&) = delete;

    /// Sends a line and waits for all that the session says before it waits again.
    std::string command(std::string_view line);
    /// Waits until the session waits for input or has ended. Returns the output not seen yet.
    std::string settle();
    /// Waits until the session is over.
    std::string wait_closed();

    [[nodiscard]] bool is_over() const noexcept { return is_over_; }
    pop3::session& session() { return *session_; }
    memory_stream& peer() { return peer_; }

private:
    pop3_server& server_;
    memory_stream peer_{"", when_dry::wait};
    std::unique_ptr<pop3::session> session_;
    bool is_over_ = false;
};

}  // namespace hauspost::test
