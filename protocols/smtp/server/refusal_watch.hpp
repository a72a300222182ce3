#pragma once

#include "protocols/sasl/credentials.hpp"
#include "protocols/smtp/reply.hpp"
#include "protocols/smtp/server/envelope.hpp"

#include <string>

namespace hauspost::smtp {

/// Mail that a session did not take: a sender, a recipient, or a whole message.
struct refused_mail {
    std::string from;   // the reverse-path as to_text writes it
    std::string to;     // the same of the recipient; empty: MAIL was refused
    std::string words;  // the reply
    std::string helo;
    std::string peer_address;
    sasl::identity submitter;  // account 0: another server
};

/// The port by which sessions tell what they have refused; server/delivery implements it.
/// Thread  any
class refusal_watch {
public:
    virtual ~refusal_watch() = default;
    /// Never waits. Called for as much as a peer likes to have refused: bounds it itself.
    virtual void note(refused_mail refused) noexcept = 0;
};

/// Who was refused.
struct refused_peer {
    const std::string& helo;
    const std::string& address;
    const sasl::identity& user;
};

/// For each of the recipients, twenty at most; without any for the sender.
/// watch  null: nobody wants to know
void tell_refusal(refusal_watch* watch,
                  const reply& why,
                  const envelope& mail,
                  const refused_peer& who);

}  // namespace hauspost::smtp
