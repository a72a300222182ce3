#include "protocols/message/envelope.hpp"

#include "base/ascii.hpp"
#include "protocols/message/address.hpp"
#include "protocols/message/header.hpp"

#include <array>
#include <string>
#include <vector>

namespace hauspost::message {
namespace {

struct named_field {
    std::string_view name;
    std::string_view envelope_fields::*value;
};

constexpr std::array<named_field, 11> wanted = {{{"Date", &envelope_fields::date},
                                                 {"Subject", &envelope_fields::subject},
                                                 {"From", &envelope_fields::from},
                                                 {"Sender", &envelope_fields::sender},
                                                 {"Reply-To", &envelope_fields::reply_to},
                                                 {"To", &envelope_fields::to},
                                                 {"Cc", &envelope_fields::cc},
                                                 {"Bcc", &envelope_fields::bcc},
                                                 {"In-Reply-To", &envelope_fields::in_reply_to},
                                                 {"Message-ID", &envelope_fields::message_id},
                                                 {"References", &envelope_fields::references}}};

void write_optional(std::string_view text, imap_writer& out) {
    if (text.empty())
        out.raw("NIL");
    else
        out.unfolded_text(text);
}

/// RFC 9051 7.5.2: a group begins with an address that has only a mailbox, the group's name, and
/// ends with one that has nothing. NIL means that alone, so a mailbox lacking something has "".
void write_address(const address& entry, imap_writer& out) {
    switch (entry.type) {
    case address::kind::group_start:
        out.raw("(NIL NIL ");
        out.unfolded_text(entry.display);
        out.raw(" NIL)");
        return;
    case address::kind::group_end: out.raw("(NIL NIL NIL NIL)"); return;
    case address::kind::mailbox: break;
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
void write_addresses(std::string_view value, imap_writer& out) {
    bool begun = false, in_group = false;
    for (const auto& entry : parse_address_list(value)) {
        const bool wanted_end = entry.type == address::kind::group_end && in_group;
        if (!wanted_end && (!out.has_budget() || entry.type == address::kind::group_end)) continue;
        in_group = entry.type == address::kind::group_start ||
                   (in_group && entry.type != address::kind::group_end);
        if (!begun) out.raw("(");
        begun = true;
        write_address(entry, out);
    }
    out.raw(begun ? ")" : "NIL");
}

/// As write_addresses; `instead` when there is no address. RFC 9051 7.5.2 on Sender and Reply-To.
void write_addresses_or(std::string_view value, std::string_view instead, imap_writer& out) {
    const auto begin = out.view().size();
    if (!value.empty()) write_addresses(value, out);
    const auto written = out.view().substr(begin);
    if (written == "NIL")
        out.replace_from(begin, instead);
    else if (written.empty())
        out.raw(instead);
}

}  // namespace

envelope_fields find_envelope_fields(std::string_view header) noexcept {
    envelope_fields fields;
    for (header_reader reader(header); reader.next();) {
        for (const auto& field : wanted) {
            auto& value = fields.*field.value;
            if (value.data() == nullptr && ascii::equal_nocase(reader.field().name, field.name))
                value = reader.field().value;
        }
    }
    return fields;
}

void write_envelope(const envelope_fields& fields, imap_writer& out) {
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

}  // namespace hauspost::message
