#include "protocols/imap/response/envelope.hpp"

#include "base/ascii.hpp"
#include "protocols/imap/response/string_reader.hpp"
#include "protocols/message/address.hpp"
#include "protocols/message/base_subject.hpp"
#include "protocols/message/encoded_word.hpp"

#include <optional>
#include <string>

namespace hauspost::imap {
namespace {

void write_optional(std::string_view text, text_writer& out) {
    if (text.empty())
        out.raw("NIL");
    else
        out.unfolded_text(text);
}

/// RFC 9051 7.5.2: a group begins with an address that has only a mailbox, the group's name, and
/// ends with one that has nothing. NIL means that alone, so a mailbox lacking something has "".
void write_address(const message::address& entry, text_writer& out) {
    switch (entry.type) {
    case message::address::kind::group_start:
        out.raw("(NIL NIL ");
        out.unfolded_text(entry.display);
        out.raw(" NIL)");
        return;
    case message::address::kind::group_end: out.raw("(NIL NIL NIL NIL)"); return;
    case message::address::kind::mailbox: break;
    }
    out.raw("(");
    write_optional(entry.display, out);
    out.raw(" ");
    write_optional(entry.route, out);
    out.raw(" ");
    out.unfolded_text(entry.local);
    out.raw(" ");
    out.unfolded_text(entry.domain);
    out.raw(")");
}

/// "(" 1*address ")" or NIL. Without budget further mailboxes are left out, but not the end of a
/// group that has begun.
void write_addresses(std::string_view value, text_writer& out) {
    bool begun = false, in_group = false;
    for (const auto& entry : message::parse_address_list(value)) {
        const bool wanted_end = entry.type == message::address::kind::group_end && in_group;
        if (!wanted_end && (!out.has_budget() || entry.type == message::address::kind::group_end))
            continue;
        in_group = entry.type == message::address::kind::group_start ||
                   (in_group && entry.type != message::address::kind::group_end);
        if (!begun) out.raw("(");
        begun = true;
        write_address(entry, out);
    }
    out.raw(begun ? ")" : "NIL");
}

/// As write_addresses; `instead` when there is no address. RFC 9051 7.5.2 on Sender and Reply-To.
void write_addresses_or(std::string_view value, std::string_view instead, text_writer& out) {
    const auto begin = out.view().size();
    if (!value.empty()) write_addresses(value, out);
    const auto written = out.view().substr(begin);
    if (written == "NIL")
        out.replace_from(begin, instead);
    else if (written.empty())
        out.raw(instead);
}

/// Takes one nstring off the front of an ENVELOPE; nullopt: NIL, or the octets are damaged.
std::optional<std::string> take_nstring(std::string_view& text) {
    if (text.starts_with("NIL")) {
        text.remove_prefix(3);
        return std::nullopt;
    }
    const auto string = string_at(text);
    if (string.empty()) return std::nullopt;
    text.remove_prefix(string.size());
    return value_of_string(string);
}

void take_blank(std::string_view& text) {
    if (text.starts_with(' ')) text.remove_prefix(1);
}

}  // namespace

bool is_reply_or_forward(std::string_view envelope, std::string_view base_subject) {
    if (!envelope.starts_with('(')) return false;
    envelope.remove_prefix(1);
    take_nstring(envelope);  // date
    take_blank(envelope);
    const auto subject = take_nstring(envelope);
    if (!subject) return false;
    // Nearly all mail is decided by these two.
    if (ascii::starts_with_nocase(*subject, "re:")) return true;
    if (ascii::uppered(*subject) == base_subject) return false;
    return message::base_subject(message::decode_encoded_words(*subject)).is_reply_or_forward;
}

envelope_heading read_heading(std::string_view envelope) {
    envelope_heading heading;
    if (!envelope.starts_with('(')) return heading;
    envelope.remove_prefix(1);
    take_nstring(envelope);  // date
    take_blank(envelope);
    if (const auto subject = take_nstring(envelope))
        heading.subject = message::decode_encoded_words(*subject);
    if (!envelope.starts_with(" ((")) return heading;
    envelope.remove_prefix(3);
    const auto name = take_nstring(envelope);
    take_blank(envelope);
    take_nstring(envelope);  // route
    take_blank(envelope);
    const auto local = take_nstring(envelope);
    take_blank(envelope);
    const auto domain = take_nstring(envelope);
    if (name) heading.from_name = message::decode_encoded_words(*name);
    if (local && domain)
        heading.from_address = *local + '@' + *domain;
    else if (local)  // the name of a group
        heading.from_name = message::decode_encoded_words(*local);
    return heading;
}

void write_envelope(const message::envelope_fields& fields, text_writer& out) {
    out.raw("(");
    out.header_text(fields.date);
    out.raw(" ");
    out.header_text(fields.subject);
    out.raw(" ");
    const auto begin = out.view().size();
    write_addresses(fields.from, out);
    const std::string from(out.view().substr(begin));
    for (const auto value : {fields.sender, fields.reply_to}) {
        out.raw(" ");
        write_addresses_or(value, out.has_budget() ? from : "NIL", out);
    }
    for (const auto value : {fields.to, fields.cc, fields.bcc}) {
        out.raw(" ");
        write_addresses(value, out);
    }
    out.raw(" ");
    out.header_text(fields.in_reply_to);
    out.raw(" ");
    out.header_text(fields.message_id);
    out.raw(")");
}

}  // namespace hauspost::imap
