#include "protocols/access/login_refusal.hpp"

#include "protocols/sasl/credentials.hpp"

#include <boost/asio/error.hpp>
#include <doctest/doctest.h>

using namespace hauspost;

TEST_CASE("login refusal: what will pass is temporary in every protocol, what will not is not") {
    for (const auto why : {sasl::errc::busy, sasl::errc::throttled}) {
        const auto& refusal = access::refusal_of(why);
        CHECK(refusal.smtp / 100 == 4);
        CHECK(refusal.smtp_status.front() == '4');
        CHECK(refusal.pop3 == "SYS/TEMP");
        CHECK(refusal.imap == "UNAVAILABLE");
    }
    for (const auto why : {sasl::errc::wrong, sasl::errc::disabled}) {
        const auto& refusal = access::refusal_of(why);
        CHECK(refusal.smtp == 535);
        CHECK(refusal.smtp_status.front() == '5');
        CHECK(refusal.pop3 != "SYS/TEMP");
    }
}

TEST_CASE("login refusal: a fault of ours is never taken for a wrong password") {
    const auto& refusal = access::refusal_of(boost::asio::error::connection_reset);
    CHECK(refusal.smtp == 454);
    CHECK(refusal.log == "fault");
    CHECK(access::refusal_of(sasl::errc::wrong).log == "wrong_password");
}
