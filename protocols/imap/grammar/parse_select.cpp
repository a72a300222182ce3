#include "protocols/imap/grammar/parse.hpp"

namespace hauspost::imap {
namespace {

/// known-uids, known-sequence-set, known-uid-set: a sequence-set without `*`, RFC 7162 7.
std::optional<sequence_set> parse_known_set(lexer& text) {
    auto set = parse_set(text);
    if (set && (set->has_largest() || set->is_saved_result()))
        return text.fail("neither * nor $ may stand in what is known");
    return set;
}

/// seq-match-data, RFC 7162 7.
std::optional<cmd::known_mailbox::sample> parse_sample(lexer& text) {
    if (!text.accept('(')) return text.fail("a list of known sequence numbers is expected here");
    auto sequences = parse_known_set(text);
    if (!sequences || !text.space()) return std::nullopt;
    auto uids = parse_known_set(text);
    if (!uids) return std::nullopt;
    if (!text.accept(')')) return text.fail("the list of known sequence numbers does not end");
    return cmd::known_mailbox::sample{std::move(*sequences), std::move(*uids)};
}

/// "(" uidvalidity SP mod-sequence-value [SP known-uids] [SP seq-match-data] ")", RFC 7162 7.
std::optional<cmd::known_mailbox> parse_resync(lexer& text) {
    if (!text.space()) return std::nullopt;
    if (!text.accept('(')) return text.fail("QRESYNC needs a list");
    cmd::known_mailbox known;
    const auto validity = text.number();
    if (!validity || *validity == 0) return text.fail("the UIDVALIDITY is missing or not valid");
    if (!text.space()) return std::nullopt;
    const auto modseq = text.modseq();
    if (!modseq) return text.fail("the mod-sequence is missing or not valid");
    known.uid_validity = *validity;
    known.modseq = *modseq;
    bool has_more = text.accept(' ');
    if (has_more && text.peek() != '(') {
        known.uids = parse_known_set(text);
        if (!known.uids) return std::nullopt;
        has_more = text.accept(' ');
    }
    if (has_more) {
        known.match = parse_sample(text);
        if (!known.match) return std::nullopt;
    }
    if (!text.accept(')')) return text.fail("the list of QRESYNC does not end");
    return known;
}

bool parse_parameters(lexer& text, cmd::select& select) {
    do {
        const auto word = text.word();
        if (word == "CONDSTORE" && !select.condstore) {
            select.condstore = true;
        } else if (word == "QRESYNC" && !select.resync) {
            select.resync = parse_resync(text);
            if (!select.resync) return false;
        } else {
            text.fail("this SELECT parameter is not known or given twice");
            return false;
        }
    } while (text.accept(' '));
    if (text.accept(')')) return true;
    text.fail("the SELECT parameters do not end");
    return false;
}

}  // namespace

parsed parse_select(lexer& text, bool read_only) {
    if (!text.space()) return std::nullopt;
    auto mailbox = parse_mailbox(text);
    if (!mailbox) return std::nullopt;
    cmd::select select;
    select.mailbox = std::move(*mailbox);
    select.read_only = read_only;
    if (!text.accept(' ')) return select;
    if (!text.accept('(')) return text.fail("SELECT parameters stand in parentheses");
    if (!parse_parameters(text, select)) return std::nullopt;
    return select;
}

}  // namespace hauspost::imap
