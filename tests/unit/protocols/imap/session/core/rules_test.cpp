#include "protocols/imap/session/core/rules.hpp"

#include <doctest/doctest.h>

#include <memory>

using namespace hauspost::imap;

namespace {

constexpr command_rule writing{.name = "X", .needs_selection = true, .needs_writable = true};

std::string said(const or_answer<>& may) {
    return may ? "go on" : may.end().text;
}

}  // namespace

TEST_CASE("imap gate: a command is refused outside its states") {
    session_state state;
    CHECK(said(may_run({.name = "X", .before_login = true}, state, false)) == "go on");
    CHECK_FALSE(may_run({.name = "X", .after_login = true}, state, false));
    state.phase = phase::authenticated;
    CHECK(may_run({.name = "X", .after_login = true}, state, false));
    CHECK_FALSE(may_run({.name = "X", .before_login = true}, state, false));
    CHECK_FALSE(may_run(writing, state, false));
    state.phase = phase::closing;
    CHECK_FALSE(may_run({.name = "X", .before_login = true, .after_login = true}, state, false));
}

TEST_CASE("imap gate: after EXAMINE nothing is changed") {
    session_state state;
    state.phase = phase::selected;
    state.selected = std::make_unique<selected_mailbox>();
    CHECK(may_run(writing, state, true));
    state.selected->read_only = true;
    CHECK(may_run(writing, state, true).end().code == code::read_only);
}

TEST_CASE("imap gate: after ENABLE UIDONLY no sequence number is taken (RFC 9586 3.2)") {
    session_state state;
    state.phase = phase::authenticated;
    state.enabled.uid_only = true;
    const command_rule rule{.name = "X", .after_login = true};
    CHECK(may_run(rule, state, false));
    CHECK(may_run(rule, state, true).end().code == code::uid_required);
}

TEST_CASE("imap state: what a user was to a session goes with him") {
    session_state state;
    state.phase = phase::selected;
    state.user.address = "ann@a.example";
    state.enabled.utf8 = true;
    state.notify = std::make_unique<notify_watch>();
    state.selected = std::make_unique<selected_mailbox>();
    state.bad_commands = 3;
    state.ending = ending::credentials_changed;
    state.forget_user();
    CHECK(state.phase == phase::not_authenticated);
    CHECK(state.user.address.empty());
    CHECK_FALSE(state.enabled.utf8);
    CHECK(state.notify == nullptr);
    CHECK(state.selected == nullptr);
    CHECK(state.bad_commands == 0);
    CHECK(state.ending == ending::none);
    // That the server ends is no matter of the user's.
    state.ending = ending::stop;
    state.forget_user();
    CHECK(state.ending == ending::stop);
}
