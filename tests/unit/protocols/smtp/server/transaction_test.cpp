#include "protocols/smtp/server/transaction.hpp"

#include <doctest/doctest.h>

using hauspost::smtp::phase;
using hauspost::smtp::transaction;

TEST_CASE("transaction: MAIL, RCPT, then DATA or BDAT, and nothing earlier") {
    transaction state;
    CHECK_FALSE(state.may_mail());
    state.greet();
    CHECK(state.may_mail());
    CHECK_FALSE(state.may_rcpt());
    state.begin(false);
    CHECK_FALSE(state.may_mail());
    CHECK(state.may_rcpt());
    CHECK_FALSE(state.may_data());
    CHECK_FALSE(state.may_bdat());
    state.add_recipient();
    CHECK(state.may_rcpt());
    CHECK(state.may_data());
    CHECK(state.may_bdat());
    CHECK_FALSE(state.may_start_tls());
    state.add_chunk();
    CHECK_FALSE(state.may_rcpt());
    CHECK_FALSE(state.may_data());
    CHECK(state.may_bdat());
}

TEST_CASE("transaction: A07 a reset leaves nothing that DATA or BDAT could use") {
    transaction state;
    state.reset();
    CHECK(state.now() == phase::connected);
    state.greet();
    state.begin(true);
    state.add_recipient();
    CHECK_FALSE(state.may_data());
    state.add_chunk();
    state.reset();
    CHECK(state.now() == phase::greeted);
    CHECK(state.recipients() == 0);
    CHECK(state.chunks() == 0);
    CHECK_FALSE(state.may_data());
    CHECK_FALSE(state.may_bdat());
    CHECK_FALSE(state.is_binary());
}

TEST_CASE("transaction: A04 after TLS the greeting is forgotten") {
    transaction state;
    state.greet();
    state.restart();
    CHECK(state.now() == phase::connected);
    CHECK_FALSE(state.may_mail());
    CHECK(state.may_start_tls());
}
