#include "server/delivery/trace_headers.hpp"

#include "base/address.hpp"
#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocols/message/date_time.hpp"
#include "protocols/message/header.hpp"
#include "protocols/smtp/path.hpp"

#include <algorithm>

namespace hauspost::delivery {
namespace {

constexpr std::size_t max_delivered_to = 100;

/// Text of a peer outside of any quoting: what could end a field, comment or route becomes '?'.
std::string harmless(std::string_view text, bool utf8) {
    constexpr std::string_view unwanted = "()<>\\\",; ";
    std::string out(text);
    const bool keep_8bit = utf8 && utf8::is_valid(text);
    for (char& c : out)
        if (ascii::is_control(c) || unwanted.find(c) != std::string_view::npos ||
            (ascii::is_8bit(c) && !keep_8bit))
            c = '?';
    return out;
}

/// An address for a header field. Quoted local parts are quoted again by to_text; octets that no
/// parser of ours lets through are caught once more.
std::string field_text(std::string_view address, bool smtputf8) {
    auto text = address::with_a_labels(address);
    if (!smtputf8 && !utf8::is_ascii(text)) text = address::in_ascii(text);
    for (char& c : text)
        if (ascii::is_control(c)) c = '?';
    return text;
}

/// RFC 5321 4.1.3: "[192.0.2.1]", "[IPv6:2001:db8::1]".
std::string address_literal(std::string_view address) {
    const bool is_ipv6 = address.find(':') != std::string_view::npos;
    return (is_ipv6 ? "[IPv6:" : "[") + harmless(address, false) + ']';
}

/// Of what stands between the angle brackets; of a value without any, all.
std::string bare_message_id(std::string_view value) {
    const auto begin = value.find('<');
    if (begin != std::string_view::npos) value.remove_prefix(begin + 1);
    return std::string(ascii::trimmed(value.substr(0, value.find('>'))));
}

/// RFC 2369 3.2, 2919 3; Precedence is in no standard, and in much of such mail.
bool says_bulk(const message::header_field& field) {
    if (ascii::equal_nocase(field.name, "Precedence")) {
        const auto word = ascii::trimmed(field.value);
        return ascii::equal_nocase(word, "bulk") || ascii::equal_nocase(word, "list") ||
               ascii::equal_nocase(word, "junk");
    }
    return ascii::equal_nocase(field.name, "List-Id") ||
           ascii::equal_nocase(field.name, "List-Unsubscribe");
}

}  // namespace

std::string received_field(const smtp::envelope& envelope,
                           std::string_view hostname,
                           std::string_view id,
                           std::int64_t unix_seconds) {
    std::string out = "Received: ";
    const bool is_ours = envelope.peer_address.empty();  // a message of the server itself
    if (!envelope.submitter.account && !is_ours) {
        out += "from ";
        out += envelope.helo.empty() ? "unknown" : harmless(envelope.helo, envelope.smtputf8);
        out += " (" + address_literal(envelope.peer_address) + ")\r\n\t";
    }
    out += "by ";
    out += hostname;
    if (!is_ours) out += " with " + envelope.protocol;
    if (!envelope.tls.empty()) {
        std::string tls = envelope.tls;
        std::replace_if(
            tls.begin(), tls.end(),
            [](char c) { return ascii::is_control(c) || c == '(' || c == ')' || c == '\\'; }, '?');
        out += " (" + tls + ')';
    }
    out += "\r\n\tid ";
    out += id;
    if (envelope.recipients.size() == 1) {
        const auto& only = envelope.recipients.front().address;
        out += "\r\n\tfor <" + field_text(smtp::to_text(only), envelope.smtputf8) + '>';
    }
    mail::date_time at;
    at.unix_seconds = unix_seconds;
    out += ";\r\n\t" + message::write_date(at) + "\r\n";
    return out;
}

std::string delivered_to_field(std::string_view recipient, bool smtputf8) {
    return "Delivered-To: " + field_text(recipient, smtputf8) + "\r\n";
}

std::string copy_prefix(const smtp::mailbox_address& reverse_path,
                        std::string_view delivered_to,
                        std::string_view original_recipient,
                        bool smtputf8) {
    return "Return-Path: <" + field_text(smtp::to_text(reverse_path), smtputf8) + ">\r\n" +
           delivered_to_field(delivered_to, smtputf8) +
           "X-Original-To: " + field_text(original_recipient, smtputf8) + "\r\n";
}

bool trace::was_delivered_to(std::string_view address) const {
    const auto is_there = [this](const std::string& text) {
        return std::find(delivered_to.begin(), delivered_to.end(), text) != delivered_to.end();
    };
    const std::string name(address);
    return is_there(name) || (!utf8::is_ascii(name) && is_there(address::in_ascii(name)));
}

trace read_trace(std::string_view message) {
    constexpr std::size_t max_subject_octets = 2000;  // as written
    trace found;
    for (message::header_reader reader(message); reader.next();) {
        const auto& field = reader.field();
        if (ascii::equal_nocase(field.name, "Received")) {
            ++found.received;
        } else if (ascii::equal_nocase(field.name, "Delivered-To") &&
                   found.delivered_to.size() < max_delivered_to) {
            auto name = address::canonical(ascii::trimmed(field.value));
            if (name) found.delivered_to.push_back(std::move(*name));
        } else if (ascii::equal_nocase(field.name, "TLS-Required")) {
            found.tls_optional =
                found.tls_optional || ascii::equal_nocase(ascii::trimmed(field.value), "No");
        } else if (says_bulk(field)) {
            found.is_bulk = true;
        } else if (found.message_id.empty() && ascii::equal_nocase(field.name, "Message-ID")) {
            found.message_id = bare_message_id(field.value);
        } else if (found.subject.empty() && ascii::equal_nocase(field.name, "Subject")) {
            found.subject = field.value.substr(0, max_subject_octets);
        }
    }
    return found;
}

}  // namespace hauspost::delivery
