#include "protocols/smtp/server/conduct.hpp"

#include <doctest/doctest.h>

using namespace hauspost::smtp;
using reaction = conduct::reaction;

namespace {

reaction after_bad(conduct& peer, std::size_t commands, bool is_stressed = false) {
    auto last = reaction::answer;
    for (std::size_t i = 0; i < commands; ++i)
        last = peer.note_bad_command(is_stressed);
    return last;
}

}  // namespace

TEST_CASE("conduct: the 10th bad command is answered late, the 20th is the last") {
    const limits usual;
    conduct peer(usual);
    CHECK(after_bad(peer, 9) == reaction::answer);
    CHECK(after_bad(peer, 1) == reaction::answer_late);
    CHECK(after_bad(peer, 9) == reaction::answer_late);
    CHECK(after_bad(peer, 1) == reaction::close);
}

TEST_CASE("conduct: a message that was stored begins the counts anew, but not that of refusals") {
    const limits usual;
    conduct peer(usual);
    (void)after_bad(peer, 19);
    for (int i = 0; i < 100; ++i)
        CHECK(peer.note_idle_command(false));
    for (int i = 0; i < 99; ++i)
        peer.note_refused_recipient();
    peer.note_message();
    CHECK(peer.messages() == 1);
    CHECK(after_bad(peer, 9) == reaction::answer);
    CHECK(peer.note_idle_command(false));
    CHECK_FALSE(peer.asks_too_much());
    peer.note_refused_recipient();
    CHECK(peer.asks_too_much());
}

TEST_CASE("conduct: under stress less is borne, but a limit that is off stays off") {
    limits some;
    conduct peer(some);
    CHECK(after_bad(peer, 1, true) == reaction::close);
    for (int i = 0; i < 10; ++i)
        CHECK(peer.note_idle_command(true));
    CHECK_FALSE(peer.note_idle_command(true));
    limits off;
    off.soft_bad_commands = off.hard_bad_commands = no_limit<std::size_t>;
    off.max_idle_commands = no_limit<std::size_t>;
    conduct other(off);
    CHECK(after_bad(other, 1000, true) == reaction::answer);
    for (int i = 0; i < 1000; ++i)
        CHECK(other.note_idle_command(true));
}
