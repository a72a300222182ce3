#include "protocols/smtp/command_writer.hpp"

#include "base/address.hpp"
#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocols/smtp/path.hpp"

#include <algorithm>
#include <string_view>

namespace hauspost::smtp {
namespace {

/// esmtp-value of RFC 5321 4.1.2, or what RFC 6531 3.3 adds.
bool is_esmtp_value(std::string_view text, bool may_be_utf8) noexcept {
    const auto may_stand = [may_be_utf8](char c) {
        if (ascii::is_8bit(c)) return may_be_utf8;
        return c > 32 && c < 127 && c != '=';
    };
    return !text.empty() && std::all_of(text.begin(), text.end(), may_stand);
}

void append_param(std::string& out,
                  std::string_view name,
                  std::string_view value,
                  bool may_be_utf8 = false) {
    if (!is_esmtp_value(value, may_be_utf8)) return;
    out += ' ';
    out += name;
    out += '=';
    out += value;
}

}  // namespace

mailbox_address as_said(const mailbox_address& address) {
    auto said = address;
    if (utf8::is_ascii(said.domain) || !utf8::is_ascii(said.local_part)) return said;
    if (const auto labels = address::to_a_labels(said.domain)) said.domain = *labels;
    return said;
}

bool can_be_said(const mailbox_address& address) {
    if (address.is_null()) return true;
    const auto ends = [](char c) { return ascii::is_control(c); };
    if (std::any_of(address.local_part.begin(), address.local_part.end(), ends)) return false;
    if (address.domain.empty()) return ascii::equal_nocase(address.local_part, "postmaster");
    return is_domain(address.domain);
}

void append_mail(std::string& out, const cmd::mail& wanted, const capabilities& offered) {
    const auto& params = wanted.params;
    out += "MAIL FROM:<" + to_text(as_said(wanted.reverse_path)) + '>';
    if (offered.size && params.size) append_param(out, "SIZE", std::to_string(*params.size));
    if (params.body == body_type::eight_bit && offered.eight_bit_mime) out += " BODY=8BITMIME";
    if (params.body == body_type::binary && offered.binary_mime) out += " BODY=BINARYMIME";
    if (params.smtputf8 && offered.smtputf8) out += " SMTPUTF8";
    if (offered.dsn) {
        append_param(out, "RET", params.ret);
        append_param(out, "ENVID", params.envelope_id);
    }
    if (params.require_tls && offered.require_tls) out += " REQUIRETLS";
    out += "\r\n";
}

void append_rcpt(std::string& out, const cmd::rcpt& wanted, const capabilities& offered) {
    out += "RCPT TO:<" + to_text(as_said(wanted.forward_path)) + '>';
    if (offered.dsn) {
        append_param(out, "NOTIFY", wanted.params.notify);
        append_param(out, "ORCPT", wanted.params.original, offered.smtputf8);
    }
    out += "\r\n";
}

}  // namespace hauspost::smtp
