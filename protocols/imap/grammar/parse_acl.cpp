#include "base/ascii.hpp"
#include "protocols/imap/grammar/limits.hpp"
#include "protocols/imap/grammar/parse.hpp"
#include "protocols/imap/grammar/rights.hpp"

#include <utility>

namespace hauspost::imap {
namespace {

/// SP mailbox SP identifier.
std::optional<std::pair<std::string, std::string>> parse_mailbox_and_identifier(lexer& text) {
    if (!text.space()) return std::nullopt;
    auto mailbox = parse_mailbox(text);
    if (!mailbox || !text.space()) return std::nullopt;
    auto identifier = text.astring();
    // RFC 4314 3: one that is empty is BAD.
    if (!identifier || identifier->empty()) return text.fail("an identifier is missing");
    if (identifier->size() > max_identifier_octets)
        return text.fail(status::no, "CANNOT", "no such account");
    return std::pair(std::move(*mailbox), std::move(*identifier));
}

}  // namespace

/// RFC 4314 6: setacl = "SETACL" SP mailbox SP identifier SP mod-rights.
parsed parse_set_acl(lexer& text) {
    auto whom = parse_mailbox_and_identifier(text);
    if (!whom || !text.space()) return std::nullopt;
    const auto change = text.astring();
    if (!change) return text.fail("the rights are missing");
    cmd::set_acl acl;
    acl.mailbox = std::move(whom->first);
    acl.identifier = ascii::lowered(whom->second);
    std::string_view letters = *change;
    if (letters.starts_with('+')) acl.what = mail::change::add;
    if (letters.starts_with('-')) acl.what = mail::change::remove;
    if (acl.what != mail::change::set) letters.remove_prefix(1);
    const auto rights = parse_rights(letters);
    if (!rights) return text.fail("one of the letters is not a valid right");
    acl.rights = *rights;
    return acl;
}

parsed parse_delete_acl(lexer& text) {
    auto whom = parse_mailbox_and_identifier(text);
    if (!whom) return std::nullopt;
    return cmd::delete_acl{std::move(whom->first), ascii::lowered(whom->second)};
}

parsed parse_list_rights(lexer& text) {
    auto whom = parse_mailbox_and_identifier(text);
    if (!whom) return std::nullopt;
    return cmd::list_rights{std::move(whom->first), std::move(whom->second)};
}

}  // namespace hauspost::imap
