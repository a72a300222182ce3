#include "protocols/pop3/session/commands.hpp"

#include <cstdint>
#include <string>

namespace hauspost::pop3 {
namespace {

constexpr std::uint64_t lines_between_looks = 256;

/// Appends what a line tells of a message, without CRLF.
using describe_message = void(std::string& out, std::uint64_t number, const maildrop_message&);

/// One line for each message that is not marked to be deleted, and the end of the answer.
awaitable<void> tell_all(context& session, describe_message* describe) {
    const auto& maildrop = session.state.maildrop;
    for (std::uint64_t number = 1; number <= maildrop.size(); ++number) {
        const auto& message = *maildrop.find(number);
        if (message.is_deleted) continue;
        describe(session.out(), number, message);
        session.out() += "\r\n";
        if (number % lines_between_looks != 0) continue;
        const bool goes_on = co_await session.loop.make_room();
        if (!goes_on) co_return;
    }
    session.out() += end_of_lines;
}

/// The same of one message, in the status line.
void tell_one(context& session, std::uint64_t number, describe_message* describe) {
    const auto* message = find_message(session, number);
    if (message == nullptr) return;
    std::string text;
    describe(text, number, *message);
    session.say(reply{true, "", text});
}

void append_size(std::string& out, std::uint64_t number, const maildrop_message& message) {
    append_number(out, number);
    out += ' ';
    append_number(out, message.octets);
}

void append_id(std::string& out, std::uint64_t number, const maildrop_message& message) {
    append_number(out, number);
    out += ' ';
    append_unique_id(out, message);
}

}  // namespace

const maildrop_message* find_message(context& session, std::uint64_t number) {
    const auto* message = session.state.maildrop.find(number);
    if (message == nullptr) {
        session.refuse(replies::no_such_message);
    } else if (message->is_deleted) {
        session.refuse(replies::message_is_marked);
        return nullptr;
    }
    return message;
}

awaitable<void> on(context& session, const cmd::stat&) {
    std::string text;
    append_number(text, session.state.maildrop.count());
    text += ' ';
    append_number(text, session.state.maildrop.octets());
    session.say(reply{true, "", text});
    co_return;
}

awaitable<void> on(context& session, const cmd::list& wanted) {
    if (wanted.number) {
        tell_one(session, *wanted.number, append_size);
        co_return;
    }
    std::string text;
    append_number(text, session.state.maildrop.count());
    text += " messages";
    session.say(reply{true, "", text});
    co_await tell_all(session, append_size);
}

awaitable<void> on(context& session, const cmd::uidl& wanted) {
    if (wanted.number) {
        tell_one(session, *wanted.number, append_id);
        co_return;
    }
    session.say(replies::unique_ids);
    co_await tell_all(session, append_id);
}

awaitable<void> on(context& session, const cmd::dele& wanted) {
    if (find_message(session, wanted.number) == nullptr) co_return;
    session.state.maildrop.mark_deleted(wanted.number);
    session.say(replies::marked);
}

awaitable<void> on(context& session, const cmd::rset&) {
    session.state.maildrop.unmark_all();
    session.say(replies::unmarked);
    co_return;
}

}  // namespace hauspost::pop3
