#pragma once

#include "protocols/smtp/command.hpp"

#include <string_view>

namespace hauspost::smtp {

/// Reads one command line, without its CRLF. Never throws; anything that is no command comes out as
/// `malformed`. Looks at the line alone: what is allowed now is transaction's business.
///
/// More is taken than RFC 5321 4.1.1 asks for, where refusing would lose mail and nothing is
/// gained: spaces behind "FROM:" and "TO:" and at the end of the line.
[[nodiscard]] command parse_command(std::string_view line);

}  // namespace hauspost::smtp
