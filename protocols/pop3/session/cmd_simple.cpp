#include "protocols/pop3/language.hpp"
#include "protocols/pop3/session/commands.hpp"

namespace hauspost::pop3 {

awaitable<void> on(context& session, const malformed& wanted) {
    switch (wanted.why) {
    case syntax_fault::unknown_command: session.bad(replies::unknown_command); break;
    case syntax_fault::bad_arguments: session.bad(replies::bad_arguments); break;
    case syntax_fault::bad_number: session.bad(replies::bad_number); break;
    }
    co_return;
}

/// RFC 2449 5.
awaitable<void> on(context& session, const cmd::capa&) {
    session.say(replies::capabilities);
    session.out() += capabilities(session.capability_now());
    session.out() += end_of_lines;
    co_return;
}

/// RFC 6856 2. Our texts are ASCII and messages go out as they are, so nothing changes but that
/// STLS is refused from now on (2.1).
awaitable<void> on(context& session, const cmd::utf8&) {
    session.state.is_utf8 = true;
    session.say(replies::utf8_on);
    co_return;
}

/// RFC 6856 3.
awaitable<void> on(context& session, const cmd::lang& wanted) {
    if (wanted.tag.empty()) {
        session.say(replies::languages);
        session.out() += language_lines;
        session.out() += end_of_lines;
        co_return;
    }
    const auto tag = find_language(wanted.tag);
    if (!tag) {
        session.refuse(replies::no_such_language);
        co_return;
    }
    const std::string text = std::string(*tag) + " is used from now on";
    session.say(reply{true, "", text});
}

awaitable<void> on(context& session, const cmd::noop&) {
    session.say(replies::ok);
    co_return;
}

}  // namespace hauspost::pop3
