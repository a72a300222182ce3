// What is sent on leaves with a reverse-path of ours, and reports to it go on to the sender.
#include "server/outbound/forwarded_paths.hpp"
#include "tests/support/test_smtp.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace hauspost;

namespace {

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// list@a.example leads to out@d.example.
struct forwards {
    forwards() { parts.add_alias("list@a.example", {"out@d.example"}); }

    std::string send(const std::string& from, const std::string& to) {
        return inbound.talk("EHLO c\r\nMAIL FROM:<" + from + ">\r\nRCPT TO:<" + to +
                            ">\r\nDATA\r\nFrom: eve@b.example\r\n\r\nbody\r\n.\r\nQUIT\r\n");
    }
    /// With which reverse-path the only forward left.
    std::string path_of_forward() {
        send("Eve@b.example", "list@a.example");
        const auto waiting = parts.queue();
        REQUIRE(waiting.size() == 1);
        return waiting[0].reverse_path;
    }

    test::server_parts parts;
    outbound::forwarded_paths paths{parts.store().directory, parts.store().secrets,
                                    parts.time.wall()};
    test::smtp_server inbound{parts, {nullptr, &paths}};
};

}  // namespace

TEST_CASE_FIXTURE(forwards, "forwards: what an alias sends elsewhere leaves with a path of ours") {
    const auto path = path_of_forward();
    CHECK(path.starts_with("SRS0="));
    CHECK(path.ends_with("=b.example=Eve@a.example"));
    CHECK(parts.queue()[0].prefix == "Delivered-To: list@a.example\r\n");
}

TEST_CASE_FIXTURE(forwards, "forwards: local copies say who sent the message") {
    parts.add_alias("both@a.example", {"out@d.example", "bob@a.example"});
    send("eve@b.example", "both@a.example");
    CHECK(has(parts.inbox(parts.bob).at(0).prefix, "Return-Path: <eve@b.example>\r\n"));
}

TEST_CASE_FIXTURE(forwards, "forwards: the null path stays what it is") {
    send("", "list@a.example");
    CHECK(parts.queue().at(0).reverse_path.empty());
}

TEST_CASE_FIXTURE(forwards, "forwards: with rewriting switched off the sender's own path stays") {
    delivery::sink_config config;
    config.rewrite_forwards = false;
    test::smtp_server other(parts, {nullptr, &paths}, config);
    const auto said = other.talk(
        "EHLO c\r\nMAIL FROM:<eve@b.example>\r\nRCPT TO:<list@a.example>\r\nDATA\r\n"
        "From: eve@b.example\r\n\r\nbody\r\n.\r\nQUIT\r\n");
    CHECK(has(said, "250 2.6.0 stored as "));
    CHECK(parts.queue().at(0).reverse_path == "eve@b.example");
}

TEST_CASE_FIXTURE(forwards, "forwards: a report to such a path goes on to the sender") {
    const auto path = path_of_forward();
    CHECK(has(send("", path), "250 2.6.0 stored as "));
    const auto waiting = parts.queue();
    REQUIRE(waiting.size() == 2);
    CHECK(waiting[1].reverse_path.empty());
    REQUIRE(waiting[1].recipients.size() == 1);
    CHECK(waiting[1].recipients[0].to == "Eve@b.example");
    CHECK(waiting[1].prefix.starts_with("Delivered-To: "));
    for (const auto account : {parts.ann, parts.bob})
        CHECK(parts.inbox(account).empty());
}

TEST_CASE_FIXTURE(forwards,
                  "forwards: a report to a sender who is one of ours by now arrives here") {
    const auto path = path_of_forward();
    const auto eve = parts.add_account("eve@b.example");
    CHECK(has(send("", path), "250 2.6.0 stored as "));
    CHECK(parts.inbox(eve).size() == 1);
    CHECK(parts.queue().size() == 1);
}

TEST_CASE_FIXTURE(forwards,
                  "A31 forwards: such a path takes no mail but reports, and no forged one any") {
    const auto path = path_of_forward();
    parts.add_alias("catchall@a.example", {"ann@a.example"});
    CHECK(has(send("spam@b.example", path), "550 5.1.1 "));
    auto forged = path;
    forged.replace(forged.find("=Eve@"), 5, "=ivy@");
    CHECK(has(send("", forged), "550 5.1.1 "));
    parts.time.move_wall(std::chrono::hours(23 * 24));
    CHECK(has(send("", path), "550 5.1.1 "));
    CHECK(parts.queue().size() == 1);
    CHECK(parts.inbox(parts.ann).empty());
}

TEST_CASE_FIXTURE(forwards, "forwards: a report that comes back to its own path is cut") {
    const auto path = path_of_forward();
    const auto said = inbound.talk("EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<" + path +
                                   ">\r\nDATA\r\nDelivered-To: " + path +
                                   "\r\nFrom: eve@b.example\r\n\r\nbody\r\n.\r\nQUIT\r\n");
    CHECK(has(said, "550 5.4.6 "));
}
