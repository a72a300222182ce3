#include "protocols/pop3/language.hpp"
#include "protocols/pop3/session/connection.hpp"

namespace hauspost::pop3 {
namespace {

constexpr std::uint64_t lines_between_looks = 256;

}  // namespace

awaitable<void> connection::on(const malformed& wanted) {
    switch (wanted.why) {
    case syntax_fault::unknown_command: bad(replies::unknown_command); break;
    case syntax_fault::bad_arguments: bad(replies::bad_arguments); break;
    case syntax_fault::bad_number: bad(replies::bad_number); break;
    }
    co_return;
}

/// RFC 2449 5.
awaitable<void> connection::on(const cmd::capa&) {
    say(replies::capabilities);
    out() += capabilities(capability_now());
    out() += end_of_lines;
    co_return;
}

/// RFC 6856 2. Our texts are ASCII and messages go out as they are, so nothing changes but that
/// STLS is refused from now on (2.1).
awaitable<void> connection::on(const cmd::utf8&) {
    is_utf8_ = true;
    say(replies::utf8_on);
    co_return;
}

/// RFC 6856 3.
awaitable<void> connection::on(const cmd::lang& wanted) {
    if (wanted.tag.empty()) {
        say(replies::languages);
        out() += language_lines;
        out() += end_of_lines;
        co_return;
    }
    const auto tag = find_language(wanted.tag);
    if (!tag) {
        refuse(replies::no_such_language);
        co_return;
    }
    const std::string text = std::string(*tag) + " is used from now on";
    say(reply{true, "", text});
}

awaitable<void> connection::on(const cmd::stat&) {
    std::string text;
    append_number(text, maildrop_.count());
    text += ' ';
    append_number(text, maildrop_.octets());
    say(reply{true, "", text});
    co_return;
}

/// A message that is there and not marked to be deleted; else null, and the answer is given.
const maildrop_message* connection::find(std::uint64_t number) {
    const auto* message = maildrop_.find(number);
    if (message == nullptr) {
        refuse(replies::no_such_message);
    } else if (message->is_deleted) {
        refuse(replies::message_is_marked);
        return nullptr;
    }
    return message;
}

awaitable<void> connection::on(const cmd::list& wanted) {
    const auto describe = [this](std::string& out, std::uint64_t number) {
        append_number(out, number);
        out += ' ';
        append_number(out, maildrop_.find(number)->octets);
    };
    std::string text;
    if (wanted.number) {
        if (find(*wanted.number) == nullptr) co_return;
        describe(text, *wanted.number);
        say(reply{true, "", text});
        co_return;
    }
    append_number(text, maildrop_.count());
    text += " messages";
    say(reply{true, "", text});
    for (std::uint64_t number = 1; number <= maildrop_.size(); ++number) {
        if (maildrop_.find(number)->is_deleted) continue;
        describe(out(), number);
        out() += "\r\n";
        if (number % lines_between_looks != 0) continue;
        const bool goes_on = co_await loop_.make_room();
        if (!goes_on) co_return;
    }
    out() += end_of_lines;
}

awaitable<void> connection::on(const cmd::uidl& wanted) {
    const auto describe = [this](std::string& out, std::uint64_t number) {
        append_number(out, number);
        out += ' ';
        append_unique_id(out, *maildrop_.find(number));
    };
    if (wanted.number) {
        if (find(*wanted.number) == nullptr) co_return;
        std::string text;
        describe(text, *wanted.number);
        say(reply{true, "", text});
        co_return;
    }
    say(replies::unique_ids);
    for (std::uint64_t number = 1; number <= maildrop_.size(); ++number) {
        if (maildrop_.find(number)->is_deleted) continue;
        describe(out(), number);
        out() += "\r\n";
        if (number % lines_between_looks != 0) continue;
        const bool goes_on = co_await loop_.make_room();
        if (!goes_on) co_return;
    }
    out() += end_of_lines;
}

awaitable<void> connection::on(const cmd::dele& wanted) {
    if (find(wanted.number) == nullptr) co_return;
    maildrop_.mark_deleted(wanted.number);
    say(replies::marked);
}

awaitable<void> connection::on(const cmd::noop&) {
    say(replies::ok);
    co_return;
}

awaitable<void> connection::on(const cmd::rset&) {
    maildrop_.unmark_all();
    say(replies::unmarked);
    co_return;
}

}  // namespace hauspost::pop3
