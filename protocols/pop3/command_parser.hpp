#pragma once

#include "protocols/pop3/command.hpp"

#include <string_view>

namespace hauspost::pop3 {

/// One line without its CRLF, as a command. Keywords are taken in any case; blanks at the end are
/// passed over, except in PASS.
///
/// Returns  malformed when it is none. Message numbers are not looked up: 0 and numbers beyond
///          every maildrop come back as they are, those above 2^64 - 1 as 2^64 - 1.
/// RFC      1939 3, 2449 4, 5034 4, 6856
[[nodiscard]] command parse_command(std::string_view line);

}  // namespace hauspost::pop3
