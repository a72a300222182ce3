#pragma once

#include "protocols/smtp/capabilities.hpp"
#include "protocols/smtp/command.hpp"

#include <string>

namespace hauspost::smtp {

/// The address as it is said to another server: with its domain in A-labels where the local part is
/// ASCII, since such an address needs no SMTPUTF8 then.
/// RFC  6531 3.2, 5890 2.3.2.1
[[nodiscard]] mailbox_address as_said(const mailbox_address& address);

/// Can the address be part of a command: is there nothing in it that would end the line or the path?
[[nodiscard]] bool can_be_said(const mailbox_address& address);

/// "MAIL FROM:<bob@b.example> SIZE=42 BODY=8BITMIME", with CRLF. Parameters that the server does not
/// offer are left out, and so are values that would not be ones; the submitter is never said.
/// wanted  its path passes can_be_said
/// RFC     5321 4.1.1.2, 1870 6, 3461 4.3 and 4.4, 6152 3, 6531 3.4, 8689 4.1
void append_mail(std::string& out, const cmd::mail& wanted, const capabilities& offered);

/// "RCPT TO:<ann@a.example> NOTIFY=FAILURE", with CRLF.
/// RFC  5321 4.1.1.3, 3461 4.1 and 4.2
void append_rcpt(std::string& out, const cmd::rcpt& wanted, const capabilities& offered);

}  // namespace hauspost::smtp
