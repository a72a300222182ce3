#pragma once

#include "base/result.hpp"
#include "protocols/smtp/remote_reply.hpp"

#include <cstdint>
#include <string_view>

namespace hauspost::smtp {

/// What a failure or a success came from.
enum class client_step : std::uint8_t {
    greeting,
    hello,
    start_tls,
    login,
    reset,
    mail,
    rcpt,
    data,         // DATA itself
    message,      // the octets of the message
    end_of_data,  // the reply to the whole message
};

enum class send_verdict : std::uint8_t {
    delivered,  // the server has taken it on
    temporary,  // another try, later or elsewhere, may do better
    permanent,  // not by this server as things are
    postponed,  // nothing is wrong: it belongs into the next transaction
};

enum class send_reason : std::uint8_t {
    replied,     // send_outcome::reply says it
    lost,        // the connection ended, see error
    timed_out,   // a limit of client_timeouts passed
    not_smtp,    // answers that are none, or that nobody asked for
    unsure,      // lost or timed out behind the end of the message: it may have been delivered
    injected,    // octets in the clear behind the reply to STARTTLS
    no_tls,      // required and not offered, or refused: RFC 8460 4.3.1 "starttls-not-supported"
    tls_failed,  // the handshake: net::tls_report_type(error)
    no_login,    // no mechanism that we know, or no TLS to say a password in
    // What the message needs and the server does not offer. Nothing was said of it:
    too_big,           // RFC 1870 6.1
    needs_8bitmime,    // RFC 6152
    needs_binarymime,  // RFC 3030
    needs_smtputf8,    // RFC 6531 3.2
    needs_requiretls,  // RFC 8689 4.2.1: offered, in TLS, of a server that was verified
    bad_address,       // of ours: it cannot be said in a command
    source_failed,     // the message could not be read, see error
    next_transaction,  // the server takes no more recipients in this one (RFC 9422, 452 4.5.3)
    next_connection,   // no more messages by this one: client_session::is_usable
};

/// What became of one recipient, or of the beginning of a session.
struct send_outcome {
    send_verdict verdict = send_verdict::temporary;
    send_reason reason = send_reason::lost;
    client_step step = client_step::greeting;
    remote_reply reply;  // code 0: there was none; long texts are cut
    error_code error;    // none when a reply or our own knowledge says it
};

/// For the log: "end_of_data", "timed_out".
[[nodiscard]] std::string_view to_text(client_step step) noexcept;
[[nodiscard]] std::string_view to_text(send_reason reason) noexcept;

}  // namespace hauspost::smtp
