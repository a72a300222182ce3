#pragma once

#include <string>
#include <string_view>

namespace hauspost::imap {

/// An ENVELOPE for a client that has enabled UTF-8. What is kept is ASCII: mailbox and host names
/// with other characters stand in it as encoded words, which no address may have, so that nobody
/// could answer to them. They become UTF-8 in quotes. Subjects and display names stay as they are:
/// encoded words are right there, and clients read them.
///
/// envelope  as message::summary has it; anything else comes back unchanged or in part changed, but
///           never with more parentheses or lines than it had
/// Cost      linear
/// RFC       9755 3, 9051 7.5.2
[[nodiscard]] std::string utf8_envelope(std::string_view envelope);

/// Is there anything to be done? Nearly never.
[[nodiscard]] inline bool needs_utf8_envelope(std::string_view envelope) noexcept {
    return envelope.find("=?") != std::string_view::npos;
}

}  // namespace hauspost::imap
