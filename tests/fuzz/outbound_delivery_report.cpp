// Delivery reports of strangers' words: whatever they are, the report has its three parts, the
// fields that it should have, no controls and no line that is too long.
//
// The input: eight texts, each ended by a NUL (the last is the message's octets).

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocols/message/header.hpp"
#include "protocols/message/mime_part.hpp"
#include "server/outbound/delivery_report.hpp"
#include "server/outbound/reply_meaning.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace hauspost;
using namespace hauspost::outbound;

void must(bool holds) {
    if (!holds) std::abort();
}

std::string take_piece(std::string_view& rest) {
    const auto piece = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(rest.size(), piece.size() + 1));
    return std::string(piece);
}

void check_header(std::string_view octets) {
    std::size_t fields = 0;
    for (message::header_reader reader(octets); reader.next(); ++fields) {
        const auto name = reader.field().name;
        must(!name.empty() && !ascii::equal_nocase(name, "Bcc"));
        must(reader.field().value.find('\0') == std::string_view::npos);
    }
    must(fields >= 9 && fields <= 12);
}

void check_lines(std::string_view octets) {
    while (!octets.empty()) {
        const auto end = octets.find_first_of("\r\n");
        must(end != std::string_view::npos && end <= 998);
        must(octets.substr(end, 2) == "\r\n");
        octets.remove_prefix(end + 2);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    const unsigned choice = rest.empty() ? 0 : static_cast<unsigned char>(rest.front());
    reported_recipient to;
    to.address = take_piece(rest);
    to.original = take_piece(rest);
    to.status = take_piece(rest);
    to.enhanced = take_piece(rest);
    to.remote_host = take_piece(rest);
    to.remote_reply = to.own_words = take_piece(rest);
    to.code = static_cast<std::uint16_t>(choice % 2 == 0 ? 0 : 550);
    to.action = static_cast<recipient_action>(choice / 2 % 5);
    reported_message message;
    message.sender = take_piece(rest);
    message.envelope_id = to.original;
    message.octets = rest;
    message.header = rest;
    if (message.sender.empty()) return 0;
    report_terms terms;
    terms.speech = choice % 3 == 0 ? language::german : language::english;
    terms.hostname = "mail.a.test";
    terms.from = "postmaster@a.test";
    terms.unique = "u7";
    terms.is_full_wanted = choice % 7 != 0;
    const auto report = write_report(message, {to}, terms);
    check_header(report.octets);
    check_lines(report.octets);
    must(report.is_8bit || report.needs_smtputf8 || utf8::is_ascii(report.octets));
    const auto tree = message::parse_mime_tree(report.octets);
    must(std::count_if(tree.begin(), tree.end(),
                       [](const auto& node) { return node.span.depth == 1; }) == 3);
    must(tree[1].span.type_name == "text/plain" &&
         tree[2].span.type_name == "message/delivery-status");
    return 0;
}
