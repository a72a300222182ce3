// Whether other servers can be reached at all: a connection to a domain that is surely there.
#include "server/outbound/outward_probe.hpp"

#include "tests/session/sending/fixture.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using state = outbound::outward_verdict::state;

namespace {

struct outward : test::sending_server {
    outbound::outward_verdict run(const std::string& domain = "b.example") {
        const auto ports = delivery();
        return parts.wait(outbound::probe_outward(ports, domain, 25));
    }
};

}  // namespace

TEST_CASE("outward probe: one server that can be reached is enough, and hears nothing") {
    outward at;
    auto seen = at.run();
    CHECK(seen.how == state::open);
    CHECK(seen.host == "mx1.b.example [192.0.2.1]");
    CHECK(seen.words.empty());
    CHECK(at.servers.at("192.0.2.1").commands.empty());
    at.servers.at("192.0.2.1").is_away = true;
    seen = at.run();
    CHECK(seen.how == state::open);
    CHECK(seen.host == "mx2.b.example [192.0.2.2]");
}

TEST_CASE("outward probe: none can be reached, or nobody can say where they are") {
    outward at;
    at.servers.at("192.0.2.1").is_away = at.servers.at("192.0.2.2").is_away = true;
    auto seen = at.run();
    CHECK(seen.how == state::shut);
    CHECK(seen.host == "mx2.b.example [192.0.2.2]");
    CHECK_FALSE(seen.words.empty());
    seen = at.run("none.example");
    CHECK(seen.how == state::unknown);
    CHECK(seen.host.empty());
    CHECK(seen.words == "the servers of none.example cannot be found: no such domain");
}
