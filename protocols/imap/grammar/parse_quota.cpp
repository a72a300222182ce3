#include "protocols/imap/grammar/limits.hpp"
#include "protocols/imap/grammar/parse.hpp"

namespace hauspost::imap {
namespace {

std::optional<std::string> parse_root(lexer& text) {
    if (!text.space()) return std::nullopt;
    auto root = text.astring();
    if (!root) return text.fail("the name of a quota root is missing");
    return root;
}

/// setquota-list = "(" [setquota-resource *(SP setquota-resource)] ")", each a name and a number64;
/// RFC 9208 7.
bool read_resources(lexer& text) {
    if (!text.accept('(')) {
        text.fail("a list of resources is expected here");
        return false;
    }
    while (!text.accept(')')) {
        if (text.atom().empty() || !text.accept(' ') || !text.number64()) {
            text.fail("a resource and its limit are expected here");
            return false;
        }
        if (text.peek() != ')' && !text.space()) return false;
    }
    return true;
}

}  // namespace

parsed parse_get_quota(lexer& text) {
    auto root = parse_root(text);
    if (!root) return std::nullopt;
    return cmd::get_quota{std::move(*root)};
}

parsed parse_get_quota_root(lexer& text) {
    if (!text.space()) return std::nullopt;
    auto mailbox = parse_mailbox(text);
    if (!mailbox) return std::nullopt;
    return cmd::get_quota_root{std::move(*mailbox)};
}

parsed parse_set_quota(lexer& text) {
    auto root = parse_root(text);
    if (!root || !text.space() || !read_resources(text)) return std::nullopt;
    return cmd::set_quota{std::move(*root)};
}

}  // namespace hauspost::imap
