#include "protocols/imap/session/change/commands.hpp"
#include "protocols/imap/session/core/command_end.hpp"
#include "protocols/imap/session/core/resolve.hpp"
#include "protocols/imap/session/core/selection.hpp"
#include "storage/errc.hpp"

#include <utility>

namespace hauspost::imap {
namespace {

number_ranges to_set(const std::vector<uid>& ids) {
    number_ranges set;
    for (const auto id : ids) {
        if (!set.empty() && set.back().last + 1 == id.value())
            set.back().last = id.value();
        else
            set.push_back({id.value(), id.value()});
    }
    return set;
}

/// RFC 4315 3: the UIDs of source and copy, in the same order.
answer copied(const storage::copy_result& done, std::string_view words) {
    answer end(status::ok, "COPYUID " + std::to_string(done.uid_validity.value()), words);
    end.sets.push_back(to_set(done.from));
    end.sets.push_back(to_set(done.to));
    return end;
}

awaitable<answer> transfer(
    context& session, const sequence_set& set, bool by_uid, std::string to, bool move) {
    const auto& box = *session.state.selected;
    auto messages = messages_of(session, set, by_uid);
    if (!messages) co_return messages.end();
    const auto lowest = keep_to_limit(session, *messages);
    if (lowest && !move) co_return over_limit(session, lowest);  // RFC 9738 3.2: all or nothing
    // RFC 6851 4: MOVE is COPY, STORE \Deleted and EXPUNGE.
    constexpr auto moving_rights = mail::rights::delete_messages | mail::rights::expunge;
    if (move && !box.may(moving_rights)) co_return replies::not_permitted(box.rights);
    const auto target = co_await permit_insert(session, std::move(to));
    if (!target) co_return target.end();
    const auto expected = box.view.count(*messages);
    const auto done = co_await session.ports.mail.transfer(
        box.key, std::move(*messages), target->key(), move, to_flag_mask(target->rights));
    if (!done) {
        const bool is_gone = done.error() == storage::errc::no_such_mailbox;
        co_return is_gone ? replies::try_create() : replies::refused(done.error());
    }
    const bool is_short = done->from.size() < expected;
    if (done->from.empty()) {
        // RFC 9051 6.4.9: a UID that does not exist is no error; a number told to exist is one.
        if (is_short && !by_uid) co_return replies::expunge_issued();
        co_return with_left_out(session, replies::ok("Nothing to do"), is_short);
    }
    if (!move) co_return with_left_out(session, copied(*done, "Copied"), is_short);
    // RFC 6851 4.3: before the EXPUNGE lines.
    const auto moved = copied(*done, "Moved");
    if (!co_await tell_answer(session, "*", moved)) co_return replies::connection_lost();
    auto end = replies::ok("Done");
    end.tells_modseq = true;  // RFC 6851 4.4
    end = with_left_out(session, std::move(end), is_short);
    co_return with_limit(session, std::move(end), lowest);
}

}  // namespace

/// RFC 9051 6.4.7.
awaitable<answer> on(context& session, const cmd::copy& wanted) {
    std::string to = wanted.mailbox;
    co_return co_await transfer(session, wanted.messages, wanted.by_uid, std::move(to), false);
}

/// RFC 6851, RFC 9051 6.4.8.
awaitable<answer> on(context& session, const cmd::move& wanted) {
    std::string to = wanted.mailbox;
    co_return co_await transfer(session, wanted.messages, wanted.by_uid, std::move(to), true);
}

}  // namespace hauspost::imap
