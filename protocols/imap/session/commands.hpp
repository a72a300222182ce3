#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/grammar/command.hpp"
#include "protocols/imap/session/core/context.hpp"
#include "protocols/imap/session/core/replies.hpp"
#include "protocols/imap/session/core/rules.hpp"

/// The one table of all commands: name, when they are allowed, what may be told with their answer,
/// and who answers them. How one is added: docs/architecture.md, "An IMAP session".
namespace hauspost::imap {

[[nodiscard]] const command_rule& rule_of(const command& wanted) noexcept;
/// APPEND and REPLACE come in steps, because of their octets; they are no commands of the variant.
[[nodiscard]] const command_rule& rule_of(const cmd::append& wanted) noexcept;

/// Calls the handler. Precondition: may_run() let the command through.
awaitable<answer> dispatch(context& session, const command& wanted);

/// Is it FETCH, SEARCH, STORE, COPY or MOVE in its UID form?
[[nodiscard]] bool is_by_uid(const command& wanted) noexcept;
/// Does it name or answer with sequence numbers? Not after ENABLE UIDONLY (RFC 9586 3.2).
[[nodiscard]] bool uses_sequence_numbers(const command& wanted) noexcept;
[[nodiscard]] bool uses_sequence_numbers(const cmd::append& wanted) noexcept;
/// Does it pass over messages that are there, so that counting does not show whether one has gone?
/// FETCH CHANGEDSINCE, STORE FLAGS.SILENT.
[[nodiscard]] bool passes_over_messages(const command& wanted) noexcept;
/// RFC 7162 3.1: the CONDSTORE enabling commands but ENABLE.
[[nodiscard]] bool enables_condstore(const command& wanted) noexcept;

}  // namespace hauspost::imap
