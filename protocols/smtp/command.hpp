#pragma once

#include "protocols/smtp/esmtp_params.hpp"
#include "protocols/smtp/mailbox_address.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace hauspost::smtp {

/// Commands as values, one type each; what they mean stands in RFC 5321 4.1.1 unless noted.
namespace cmd {

struct helo {
    std::string domain;
};
struct ehlo {
    std::string domain;
};
struct mail {
    mailbox_address reverse_path;
    mail_params params;
};
struct rcpt {
    mailbox_address forward_path;  // "<Postmaster>": without domain
    rcpt_params params;
};
struct data {};
struct bdat {  // RFC 3030 2
    std::uint64_t octets = 0;
    bool is_last = false;
};
struct rset {};
struct vrfy {};  // what they ask for is not looked at
struct expn {};
struct help {};
struct noop {};
struct quit {};
struct start_tls {};                              // RFC 3207
struct auth {                                     // RFC 4954 4
    std::string mechanism;                        // upper case
    std::optional<std::string> initial_response;  // base64 as given; "=" is an empty one
};

}  // namespace cmd

/// What is wrong with a line, and so how it is answered.
enum class syntax_fault : std::uint8_t {
    unknown_command,
    bad_arguments,
    bad_sender,
    bad_recipient,
    utf8_without_smtputf8,  // RFC 6531 3.5
    unknown_parameter,
    bad_chunk_size,  // the octets behind it cannot be told from commands any more
    not_smtp,        // HTTP, TLS, or what does not begin with a letter: not a mail client at all
};
struct malformed {
    syntax_fault fault = syntax_fault::unknown_command;
    std::string arguments;  // of MAIL and RCPT, as given: for the log
};

using command = std::variant<malformed,
                             cmd::helo,
                             cmd::ehlo,
                             cmd::mail,
                             cmd::rcpt,
                             cmd::data,
                             cmd::bdat,
                             cmd::rset,
                             cmd::vrfy,
                             cmd::expn,
                             cmd::help,
                             cmd::noop,
                             cmd::quit,
                             cmd::start_tls,
                             cmd::auth>;

}  // namespace hauspost::smtp
