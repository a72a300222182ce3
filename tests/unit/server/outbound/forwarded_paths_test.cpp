#include "server/outbound/forwarded_paths.hpp"

#include "protocols/smtp/path.hpp"
#include "tests/support/server_parts.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace hauspost;
using namespace hauspost::outbound;
using namespace std::chrono_literals;
using kind = delivery::way_back::kind;

namespace {

constexpr auto a_day = 24h;

/// a.example is ours, eve@b.example sends.
struct path_rig {
    ~path_rig() { parts.workers.stop(); }

    std::string rewrite(const std::string& sender, const std::string& forwarder) {
        const auto made = parts.wait(paths.rewrite(smtp::parse_mailbox(sender).value(), forwarder));
        return smtp::to_text(made.value());
    }
    /// Who is behind an address; "ordinary", "dead".
    std::string back(const std::string& recipient) {
        const auto found = parts.wait(paths.trace_back(smtp::parse_mailbox(recipient).value()));
        if (found.is == kind::none) return "ordinary";
        return found.is == kind::dead ? "dead" : found.sender;
    }

    test::server_parts parts;
    forwarded_paths paths{parts.store().directory, parts.store().secrets, parts.time.wall()};
};

}  // namespace

TEST_CASE_FIXTURE(
    path_rig, "forwarded paths: a sender is rewritten in the forwarder's domain, and found again") {
    parts.add_account("joe@c.example");
    const auto made = rewrite("Eve.X@b.example", "list@a.example");
    CHECK(made.starts_with("SRS0="));
    CHECK(made.ends_with("=b.example=Eve.X@a.example"));
    CHECK(back(made) == "Eve.X@b.example");
    CHECK(rewrite("eve@b.example", "joe@c.example").ends_with("@c.example"));
    // What another has forwarded before leads back to him.
    const auto twice = rewrite("SRS0=abcd=ef=x.example=joe@b.example", "list@a.example");
    CHECK(twice.starts_with("SRS1="));
    CHECK(back(twice) == "SRS0=abcd=ef=x.example=joe@b.example");
}

TEST_CASE_FIXTURE(path_rig, "forwarded paths: who sends from here keeps his address") {
    CHECK(rewrite("Ann@a.example", "list@a.example") == "Ann@a.example");
    parts.add_account("joe@c.example");
    CHECK(rewrite("joe@c.example", "list@a.example") == "joe@c.example");
    CHECK(parts.wait(parts.store().secrets.list("srs/")).empty());
}

TEST_CASE_FIXTURE(path_rig,
                  "forwarded paths: a sender that does not fit is replaced by who forwards") {
    CHECK(rewrite(std::string(60, 'x') + "@b.example", "list@a.example") == "list@a.example");
    // Nor is anything ever sent to a literal.
    CHECK(back(rewrite("eve@[192.0.2.1]", "list@a.example")) == "dead");
}

TEST_CASE_FIXTURE(path_rig, "forwarded paths: one key is made, and those of before still count") {
    const auto made = rewrite("eve@b.example", "list@a.example");
    CHECK(rewrite("eve@b.example", "list@a.example") == made);
    CHECK(parts.wait(parts.store().secrets.list("srs/")).size() == 1);
    forwarded_paths other(parts.store().directory, parts.store().secrets, parts.time.wall());
    CHECK(smtp::to_text(parts
                            .wait(other.rewrite(smtp::parse_mailbox("eve@b.example").value(),
                                                "list@a.example"))
                            .value()) == made);
    parts.time.move_wall(1h);
    REQUIRE_FALSE(parts.wait(
        parts.store().secrets.put("srs/2", secret("another key of thirty-two octets"), 0)));
    CHECK(rewrite("eve@b.example", "list@a.example") != made);
    CHECK(back(made) == "eve@b.example");
}

TEST_CASE_FIXTURE(path_rig, "A31 forwarded paths: a forged or an old path leads nowhere") {
    const auto made = rewrite("eve@b.example", "list@a.example");
    auto forged = made;
    forged.replace(forged.find("=eve@"), 5, "=ivy@");
    CHECK(back(forged) == "dead");
    CHECK(back("SRS0=abcdefgh=aa=b.example=eve@a.example") == "dead");
    CHECK(back("SRS0@a.example") == "dead");
    CHECK(back(made) == "eve@b.example");
    parts.time.move_wall(21 * a_day);
    CHECK(back(made) == "eve@b.example");
    parts.time.move_wall(a_day);
    CHECK(back(made) == "dead");
}

TEST_CASE_FIXTURE(
    path_rig, "forwarded paths: ordinary addresses are left alone, also such as look like one") {
    const auto made = rewrite("eve@b.example", "list@a.example");
    CHECK(back("ann@a.example") == "ordinary");
    CHECK(back("srsx=1@a.example") == "ordinary");
    CHECK(back(made.substr(0, made.find('@')) + "@d.example") == "ordinary");  // not ours
    parts.add_account("srs0=mine@a.example");
    CHECK(back("SRS0=mine@a.example") == "ordinary");
}

TEST_CASE_FIXTURE(path_rig, "forwarded paths: before the first was made none is ours") {
    CHECK(back("SRS0=abcdefgh=aa=b.example=eve@a.example") == "ordinary");
}
