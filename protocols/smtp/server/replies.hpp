#pragma once

#include "protocols/smtp/reply.hpp"
#include "protocols/smtp/server/mail_sink.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hauspost::smtp {

/// All that a server says. The texts are constants of this file, so that no handler can tell a peer
/// more than it should.
namespace replies {

inline constexpr reply help{214, "2.0.0", "see RFC 5321"};
inline constexpr reply ready_for_tls{220, "2.0.0", "ready to start TLS"};
inline constexpr reply logged_in{235, "2.7.0", "logged in"};
inline constexpr reply closing{221, "2.0.0", "closing"};
inline constexpr reply ok{250, "2.0.0", "ok"};
inline constexpr reply sender_ok{250, "2.1.0", "ok"};
inline constexpr reply recipient_ok{250, "2.1.5", "ok"};
inline constexpr reply chunk_ok{250, "2.0.0", "octets received"};
inline constexpr reply cannot_verify{252, "2.5.2", "cannot verify, but will take mail"};
inline constexpr reply start_mail_input{354, "", "end data with <CRLF>.<CRLF>"};

inline constexpr reply account_changed{421, "4.7.0", "account has changed, log in again"};
inline constexpr reply login_timed_out{421, "4.4.2", "login took too long"};
inline constexpr reply shutting_down{421, "4.3.2", "shutting down, try again later"};
inline constexpr reply timed_out{421, "4.4.2", "timed out"};
inline constexpr reply too_slow{421, "4.4.2", "too slow"};
inline constexpr reply too_many_errors{421, "4.7.0", "too many errors"};
inline constexpr reply too_many_commands{421, "4.7.0", "too many commands without mail"};
inline constexpr reply too_many_messages{421, "4.7.0",
                                         "limit of this connection reached, open another"};
inline constexpr reply too_many_octets{421, "4.7.0",
                                       "limit of this connection reached, open another"};
inline constexpr reply fault_and_closing{421, "4.3.0", "local error, try again later"};
inline constexpr reply over_sending_limit{450, "4.7.1", "too much sent, try again later"};
inline constexpr reply local_fault{451, "4.3.0", "local error, try again later"};
inline constexpr reply busy{451, "4.3.2", "too busy, try again later"};
inline constexpr reply mailbox_full{452, "4.2.2", "mailbox is full, try again later"};
inline constexpr reply no_space{452, "4.3.1", "out of space, try again later"};
inline constexpr reply too_many_recipients{452, "4.5.3",
                                           "too many recipients, send the rest later"};
inline constexpr reply too_many_refused{452, "4.5.3", "too many unknown recipients"};
inline constexpr reply too_many_chunks{552, "5.3.4", "too many chunks"};

inline constexpr reply unknown_command{500, "5.5.2", "unknown command"};
inline constexpr reply line_too_long{500, "5.5.2", "line too long"};
inline constexpr reply bad_arguments{501, "5.5.4", "invalid arguments"};
// RFC 4865 4
inline constexpr reply hold_too_long{501, "5.5.4", "release is further away than EHLO allows"};
inline constexpr reply hold_in_past{501, "5.5.4", "release is in the past"};
inline constexpr reply bad_sender{501, "5.1.7", "invalid sender address"};
inline constexpr reply bad_recipient{501, "5.1.3", "invalid recipient address"};
inline constexpr reply bad_chunk_size{501, "5.5.4", "invalid chunk size, closing"};
inline constexpr reply not_implemented{502, "5.5.1", "not implemented"};
inline constexpr reply out_of_order{503, "5.5.1", "commands out of order"};
inline constexpr reply response_too_long{500, "5.5.6", "response too long"};  // RFC 4954 4
inline constexpr reply bad_response{501, "5.5.2", "invalid response"};
inline constexpr reply auth_cancelled{501, "5.7.0", "authentication cancelled"};
inline constexpr reply no_such_mechanism{504, "5.5.4", "unknown authentication mechanism"};
inline constexpr reply log_in_first{530, "5.7.0", "authentication required"};  // RFC 4954 6
inline constexpr reply start_tls_first{530, "5.7.0", "use STARTTLS first"};    // RFC 3207 4
inline constexpr reply nobody_else{535, "5.7.8", "acting for another user is not allowed"};
inline constexpr reply encryption_required{538, "5.7.11", "use STARTTLS first"};  // RFC 4954 6
inline constexpr reply bad_header{550, "5.6.0", "invalid message header"};
inline constexpr reply foreign_author{550, "5.7.1", "author address not allowed"};
inline constexpr reply sending_frozen{550, "5.7.1", "sending is frozen for this account"};
inline constexpr reply foreign_sender{553, "5.7.1", "sender address not allowed"};
inline constexpr reply no_recipients{554, "5.5.1", "no valid recipients"};
inline constexpr reply bare_newline_in_command{521, "5.5.2", "lines must end with CRLF, closing"};
inline constexpr reply not_smtp{521, "5.5.1", "not a mail client, closing"};
inline constexpr reply early_talker{554, "5.5.1", "spoke before the greeting, closing"};
inline constexpr reply account_disabled{550, "5.2.1", "mailbox is disabled"};
inline constexpr reply no_such_user{550, "5.1.1", "no such user here"};
inline constexpr reply too_many_targets{550, "5.3.5", "address expands to too many others"};
inline constexpr reply relay_denied{550, "5.7.1", "relaying denied"};
inline constexpr reply mail_loop{550, "5.4.6", "mail loop"};
inline constexpr reply bare_newline_in_message{550, "5.6.0", "bare CR or LF in message"};
inline constexpr reply message_too_big{552, "5.3.4", "message too big"};
inline constexpr reply needs_smtputf8{553, "5.6.7", "address needs SMTPUTF8"};
inline constexpr reply unknown_parameter{555, "5.5.4", "unknown parameter"};

/// What a port's verdict is answered with. RFC 3463.
[[nodiscard]] reply for_recipient(recipient_verdict verdict) noexcept;
/// For all but `accepted`, whose reply bears the id: append_message_stored.
[[nodiscard]] reply for_delivery(delivery_verdict verdict) noexcept;

/// Why an address may not be sent from, as one line of printable ASCII. As a peer chose it, the
/// address may be anything.
/// RFC  6409 6.1
[[nodiscard]] std::string foreign_address(std::string_view address, std::string_view login);

}  // namespace replies

/// "220 host ESMTP"
void append_greeting(std::string& out, std::string_view hostname);
/// Reply to HELO, or to EHLO with the extensions' lines (RFC 5321 4.1.1.1). No enhanced code.
void append_hello(std::string& out,
                  std::string_view hostname,
                  const std::vector<std::string>& extensions);
/// "250 2.6.0 stored as ID": what the log knows it by.
void append_message_stored(std::string& out, std::string_view id);

}  // namespace hauspost::smtp
