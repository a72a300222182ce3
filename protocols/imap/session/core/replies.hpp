#pragma once

#include "base/result.hpp"
#include "protocols/imap/grammar/refusal.hpp"
#include "protocols/imap/grammar/sequence_set.hpp"
#include "protocols/imap/response/response_writer.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hauspost::imap {

/// The tagged end of a command; the tag is added by who sends it.
///
/// The sets of numbers in COPYUID and MODIFIED may be as long as the mailbox has messages. They are
/// kept apart from the text and written piece by piece: RFC 7162 3.1.3 lets no number out,
/// and without COPYUID an offline client would fetch again what it has.
struct answer {
    answer() = default;
    answer(imap::status kind, std::string_view response_code, std::string_view words)
        : status(kind), code(response_code), text(words) {}

    imap::status status = imap::status::ok;
    std::string code;                 // without brackets, or ""
    std::vector<number_ranges> sets;  // behind the code, each with a space before it
    std::string text;
    bool tells_modseq = false;  // messages were expunged: HIGHESTMODSEQ for QRESYNC clients
    bool is_said = true;        // false: BYE was said, or nobody listens any more
};

/// All texts of tagged answers that handlers give.
namespace replies {

inline answer ok(std::string_view text) {
    return {status::ok, "", text};
}
inline answer no(std::string_view response_code, std::string_view text) {
    return {status::no, response_code, text};
}
inline answer bad(std::string_view text) {
    return {status::bad, "", text};
}

inline answer not_now() {
    return bad("Command not allowed in this state");
}
inline answer server_bug() {
    return no(code::server_bug, "A fault of this server; please try again later");
}
inline answer expunge_issued() {
    return no(code::expunge_issued, "Some of the messages no longer exist");
}
/// RFC 9586 3.2.
inline answer uid_required() {
    return {status::bad, code::uid_required, "After ENABLE UIDONLY only UIDs are taken"};
}
inline answer no_such_sequence() {
    return bad("No message with that number");
}
inline answer no_such_mailbox() {
    return no(code::nonexistent, "No such mailbox");
}
inline answer try_create() {
    return no(code::try_create, "No such mailbox");
}
/// The user's rights do not reach. Who may not even see the mailbox hears what he would of one that
/// is not there (RFC 4314 6).
answer not_permitted(std::uint32_t rights);
inline answer mailbox_is_read_only() {
    return no(code::read_only, "The mailbox is opened read-only");
}
inline answer connection_lost() {
    answer none = no("", "The connection is gone");
    none.is_said = false;
    return none;
}

/// A refusal of the store in IMAP's words.
answer refused(error_code why);

}  // namespace replies
}  // namespace hauspost::imap
