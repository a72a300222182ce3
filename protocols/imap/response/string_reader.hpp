#pragma once

#include <string>
#include <string_view>

namespace hauspost::imap {

/// Strings of the texts that are kept with a message, read again: as text_writer::string writes them,
/// in quotes or as a literal. Of damaged octets nothing is read, and nothing beyond them.

/// The string that stands at the front, with its quotes or the head of its literal. "": none does, or
/// it does not end.
[[nodiscard]] std::string_view string_at(std::string_view text) noexcept;

/// What a string says that string_at has given.
[[nodiscard]] std::string value_of_string(std::string_view string);

}  // namespace hauspost::imap
