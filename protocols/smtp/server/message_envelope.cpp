#include "protocols/smtp/server/message_envelope.hpp"

#include "base/log.hpp"
#include "protocols/smtp/path.hpp"

#include <utility>

namespace hauspost::smtp {
namespace {

constexpr std::size_t max_logged_octets = 400;     // of one address
constexpr std::size_t max_logged_recipients = 20;  // of one message

/// RFC 3848, RFC 6531 4.3: the "with" of Received.
std::string protocol_name(bool is_esmtp, bool is_encrypted, bool is_logged_in, bool smtputf8) {
    if (!is_esmtp && !is_logged_in) return "SMTP";
    std::string name = smtputf8 ? "UTF8SMTP" : "ESMTP";
    if (is_encrypted) name += 'S';
    if (is_logged_in) name += 'A';
    return name;
}

}  // namespace

void message_envelope::reset() {
    envelope_ = std::make_shared<envelope>();
    names_.clear();
}

void message_envelope::begin(const cmd::mail& wanted, std::int64_t release_at) {
    reset();
    envelope_->reverse_path = wanted.reverse_path;
    envelope_->envelope_id = wanted.params.envelope_id;
    envelope_->ret = wanted.params.ret;
    envelope_->smtputf8 = wanted.params.smtputf8;
    envelope_->is_8bit = wanted.params.body != body_type::seven_bit;
    envelope_->requires_tls = wanted.params.require_tls;
    envelope_->release_at = release_at;
    envelope_->announced_octets = wanted.params.size.value_or(0);
}

void message_envelope::add(const cmd::rcpt& wanted) {
    envelope_recipient recipient;
    recipient.address = wanted.forward_path;
    recipient.original = wanted.params.original;
    recipient.notify = wanted.params.notify;
    names_.insert(to_text(recipient.address));
    envelope_->recipients.push_back(std::move(recipient));
}

void message_envelope::note_way(const net::stream& peer,
                                const std::string& helo,
                                bool is_esmtp,
                                const sasl::identity& submitter) {
    const bool is_logged_in{submitter.account};
    envelope_->helo = helo;
    envelope_->submitter = submitter;
    envelope_->peer_address = peer.peer().address;
    envelope_->protocol =
        protocol_name(is_esmtp, peer.is_encrypted(), is_logged_in, envelope_->smtputf8);
    if (!peer.is_encrypted()) return;
    const auto tls = peer.tls();
    envelope_->tls = tls.version + ' ' + tls.cipher;
}

std::string about_refused(const envelope& mail, bool is_message) {
    const auto& to = mail.recipients;
    auto text = " from=" + log_safe(to_text(mail.reverse_path), max_logged_octets);
    if (to.empty()) return text;
    if (is_message) text += " rcpts=" + std::to_string(to.size());
    std::string names;
    for (std::size_t i = 0; i < to.size() && i < max_logged_recipients; ++i)
        names += (i == 0 ? "" : ",") + to_text(to[i].address);
    const auto most = is_message ? max_logged_recipients * max_logged_octets : max_logged_octets;
    return text + " rcpt=" + log_safe(names, most);
}

}  // namespace hauspost::smtp
