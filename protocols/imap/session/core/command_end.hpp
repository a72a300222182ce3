#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/grammar/refusal.hpp"
#include "protocols/imap/session/core/context.hpp"
#include "protocols/imap/session/core/replies.hpp"

#include <exception>
#include <string_view>
#include <utility>

namespace hauspost::imap {

/// Does a piece of work of a command, which gives an answer or an or_answer. A fault of ours becomes
/// NO [SERVERBUG] and a line in the log.
template <class Result>
awaitable<Result> guarded(context& session, awaitable<Result> work) {
    try {
        co_return co_await std::move(work);
    } catch (const std::exception& fault) {  // ours, never the peer's
        session.log.fault(fault);
    }
    co_return replies::server_bug();
}

/// Writes the tagged end, with a line in the log; whoever sends too many bad commands is told BYE.
/// name  of the command, for the log
awaitable<void> finish_command(context& session,
                               std::string_view tag,
                               std::string_view name,
                               const answer& end);

/// A tagged line, or an untagged one when the tag is "*". False: the client is lost.
awaitable<bool> tell_answer(context& session, std::string_view tag, const answer& end);

/// Answers what the assembler or a parser could not take.
void refuse(context& session, const refusal& why);

/// The last words: nothing more is read. Only the first ones are said.
void say_bye(context& session, std::string_view response_code, std::string_view text);

}  // namespace hauspost::imap
