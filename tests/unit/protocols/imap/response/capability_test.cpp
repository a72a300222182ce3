#include "protocols/imap/response/capability.hpp"

#include <doctest/doctest.h>

using namespace hauspost::imap;

namespace {

bool has_word(const capability_state& state, std::string_view word) {
    const auto words = " " + capabilities(state) + " ";
    return words.find(" " + std::string(word) + " ") != std::string::npos;
}

}  // namespace

TEST_CASE("capability: a plain connection offers STARTTLS and no login") {
    capability_state state;
    state.can_start_tls = true;
    CHECK(capabilities(state).starts_with("IMAP4rev1 "));
    CHECK(has_word(state, "STARTTLS"));
    CHECK(has_word(state, "LOGINDISABLED"));
    CHECK_FALSE(has_word(state, "AUTH=PLAIN"));
    CHECK_FALSE(may_log_in(state));
}

TEST_CASE("capability: a plain connection that may log in offers STARTTLS and logins") {
    capability_state state;
    state.can_start_tls = true;
    state.may_login_in_the_clear = true;
    CHECK(has_word(state, "STARTTLS"));
    CHECK(has_word(state, "AUTH=PLAIN"));
    CHECK(has_word(state, "AUTH=LOGIN"));
    CHECK_FALSE(has_word(state, "LOGINDISABLED"));
}

TEST_CASE("capability: under TLS there are logins and no STARTTLS") {
    capability_state state;
    state.is_encrypted = true;
    state.can_start_tls = true;
    CHECK(has_word(state, "AUTH=PLAIN"));
    CHECK(has_word(state, "SASL-IR"));
    CHECK_FALSE(has_word(state, "STARTTLS"));
    CHECK_FALSE(has_word(state, "MOVE"));
}

TEST_CASE("capability: after login there is all that a user may do and nothing of logins") {
    capability_state state;
    state.is_encrypted = true;
    state.is_logged_in = true;
    for (const auto* word : {"IMAP4rev1", "IDLE", "NAMESPACE", "CHILDREN", "ID", "LITERAL+",
                             "ENABLE", "UNSELECT", "UIDPLUS", "MOVE", "SPECIAL-USE"})
        CHECK_MESSAGE(has_word(state, word), word);
    CHECK_FALSE(has_word(state, "AUTH=PLAIN"));
    CHECK_FALSE(has_word(state, "STARTTLS"));
}

TEST_CASE("capability: LITERAL- takes the place of LITERAL+") {
    capability_state state;
    state.literal_minus = true;
    CHECK(has_word(state, "LITERAL-"));
    CHECK_FALSE(has_word(state, "LITERAL+"));
}

TEST_CASE("capability: the largest APPEND is told in octets (RFC 7889)") {
    capability_state state;
    state.is_logged_in = true;
    state.append_limit = 35;
    CHECK(has_word(state, "APPENDLIMIT=35"));
}

TEST_CASE("capability: fuzzy searches are offered with a full-text index, after login") {
    capability_state state;
    state.may_login_in_the_clear = true;
    state.has_index = true;
    CHECK_FALSE(has_word(state, "SEARCH=FUZZY"));
    state.is_logged_in = true;
    CHECK(has_word(state, "SEARCH=FUZZY"));
    state.has_index = false;
    CHECK_FALSE(has_word(state, "SEARCH=FUZZY"));
}
