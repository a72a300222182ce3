#pragma once

#include "protocols/imap/grammar/command.hpp"

#include <cstdint>
#include <string_view>

namespace hauspost::imap {

/// RFC 9051 3.
enum class phase : std::uint8_t { not_authenticated, authenticated, selected, closing };

/// When a command is allowed and what may be told with its answer.
struct command_rule {
    std::string_view name;
    bool before_login = false;
    bool after_login = false;       // in the authenticated and the selected state
    bool needs_selection = false;   // in the selected state only
    bool needs_writable = false;    // not after EXAMINE
    bool may_tell_expunge = false;  // RFC 9051 7.5.1; true for the UID forms of all commands
    bool syncs_first = false;       // UID forms: what is new since the last command is told before
};

namespace rules {
/// APPEND and REPLACE are no commands of the variant (command.hpp).
inline constexpr command_rule append{
    .name = "APPEND", .after_login = true, .may_tell_expunge = true};
inline constexpr command_rule replace{
    .name = "REPLACE", .needs_selection = true, .needs_writable = true, .may_tell_expunge = true};
}  // namespace rules

/// For the command of that kind. Adding one: docs/develop.md, "An IMAP command".
[[nodiscard]] const command_rule& rule_of(const command& wanted) noexcept;
/// Is it FETCH, SEARCH, STORE, COPY or MOVE in its UID form?
[[nodiscard]] bool is_by_uid(const command& wanted) noexcept;
/// Does it name or answer with sequence numbers? Not after ENABLE UIDONLY (RFC 9586 3.2).
[[nodiscard]] bool uses_sequence_numbers(const command& wanted) noexcept;
/// Does it pass over messages that are there, so that counting does not show whether one has gone?
/// FETCH CHANGEDSINCE, STORE FLAGS.SILENT.
[[nodiscard]] bool passes_over_messages(const command& wanted) noexcept;
/// RFC 7162 3.1: the CONDSTORE enabling commands but ENABLE.
[[nodiscard]] bool enables_condstore(const command& wanted) noexcept;
[[nodiscard]] bool is_allowed(const command_rule& rule, phase now) noexcept;

}  // namespace hauspost::imap
