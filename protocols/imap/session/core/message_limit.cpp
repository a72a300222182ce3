#include "protocols/imap/session/core/connection.hpp"

#include <string>
#include <utility>

/// A command on too many messages does its work on those with the highest UIDs alone, for the
/// newest mail is what people look at, and says so. RFC 9738
namespace hauspost::imap {

/// Takes the lower ones out of `messages`. The lowest UID that is left; nullopt: none was taken.
std::optional<uid> connection::keep_to_limit(mail::uid_ranges& messages) const {
    return keep_highest(selected_->view, messages, config_->max_messages_of_command);
}

std::string connection::limit_code(std::optional<uid> lowest) const {
    auto words = "MESSAGELIMIT " + std::to_string(config_->max_messages_of_command);
    if (lowest) words += ' ' + std::to_string(lowest->value());
    return words;
}

/// RFC 9738 3.1: an answer has room for one code only.
answer connection::tell_limit(answer end, std::optional<uid> lowest) {
    if (!lowest || !end.is_said) return end;
    constexpr std::string_view words = "Done for the highest UIDs only";
    const bool has_room = end.code.empty() && !(end.tells_modseq && enabled_.qresync);
    if (has_room && end.status == status::ok) {
        end.code = limit_code(lowest);
        end.text = words;
    } else {
        writer().untagged(status::no, limit_code(lowest), words);
    }
    return end;
}

answer connection::tell_left_out(answer end, bool is_short) {
    if (!is_short || !end.is_said || end.status != status::ok) return end;
    constexpr std::string_view words = "Some of the messages no longer exist";
    const bool has_room = end.code.empty() && !(end.tells_modseq && enabled_.qresync);
    if (has_room) {
        end.code = code::expunge_issued;
        end.text = words;
    } else {
        writer().untagged(status::ok, code::expunge_issued, words);
    }
    return end;
}

answer connection::over_limit(std::optional<uid> lowest) const {
    return replies::no(limit_code(lowest), "Too many messages for one command");
}

}  // namespace hauspost::imap
