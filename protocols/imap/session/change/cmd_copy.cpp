#include "protocols/imap/session/core/connection.hpp"

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

}  // namespace

awaitable<answer> connection::transfer(const sequence_set& set,
                                       bool by_uid,
                                       std::string to,
                                       bool move) {
    auto messages = resolve(set, by_uid);
    if (!messages) co_return replies::no_such_sequence();
    const auto lowest = keep_to_limit(*messages);
    if (lowest && !move) co_return over_limit(lowest);  // RFC 9738 3.2: all or nothing
    // RFC 6851 4: MOVE is COPY, STORE \Deleted and EXPUNGE.
    constexpr auto moving_rights = mail::rights::delete_messages | mail::rights::expunge;
    if (move && !selected_->may(moving_rights)) co_return replies::not_permitted(selected_->rights);
    const auto target = co_await permit_insert(std::move(to));
    if (!target.mailbox) co_return target.refused;
    const auto from = selected_->key;
    const auto expected = selected_->view.count(*messages);
    const auto done =
        co_await ports_.mail.transfer(from, *std::move(messages), target.mailbox->key(), move,
                                      to_flag_mask(target.mailbox->rights));
    if (!done) {
        const bool is_gone = done.error() == storage::errc::no_such_mailbox;
        co_return is_gone ? replies::try_create() : replies::refused(done.error());
    }
    const bool is_short = done->from.size() < expected;
    if (done->from.empty()) {
        // RFC 9051 6.4.9: a UID that does not exist is no error; a number told to exist is one.
        if (is_short && !by_uid) co_return replies::expunge_issued();
        co_return tell_left_out(replies::ok("Nothing to do"), is_short);
    }
    if (!move) co_return tell_left_out(copied(*done, "Copied"), is_short);
    // RFC 6851 4.3: before the EXPUNGE lines.
    const auto moved = copied(*done, "Moved");
    if (!co_await tell_answer("*", moved)) co_return replies::connection_lost();
    auto end = replies::ok("Done");
    end.tells_modseq = true;  // RFC 6851 4.4
    co_return tell_limit(tell_left_out(std::move(end), is_short), lowest);
}

/// RFC 9051 6.4.7.
awaitable<answer> connection::on(const cmd::copy& wanted) {
    std::string to = wanted.mailbox;
    co_return co_await transfer(wanted.messages, wanted.by_uid, std::move(to), false);
}

/// RFC 6851, RFC 9051 6.4.8.
awaitable<answer> connection::on(const cmd::move& wanted) {
    std::string to = wanted.mailbox;
    co_return co_await transfer(wanted.messages, wanted.by_uid, std::move(to), true);
}

}  // namespace hauspost::imap
