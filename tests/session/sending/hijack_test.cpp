// An account that is used by somebody else: noticed by recipients whom nobody knows.
#include "server/delivery/directory_lookup.hpp"
#include "tests/session/sending/fixture.hpp"

#include <doctest/doctest.h>

using namespace hauspost;

namespace {

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// b.example knows those alone whose names begin with "known". Bob is the owner.
struct hijacked_server : test::running_server {
    hijacked_server() {
        routing.owner_mailbox = "bob@a.example";
        servers.at("192.0.2.1").answers =
            [](std::string_view command) -> std::optional<std::string> {
            if (command.starts_with("RCPT TO:<") && !command.starts_with("RCPT TO:<known"))
                return "550 5.1.1 nobody of that name\r\n";
            return std::nullopt;
        };
        watch = &watching;
    }
    static std::vector<std::string> names(const std::string& of, int count) {
        std::vector<std::string> made;
        for (int n = 0; n < count; ++n)
            made.push_back(of + std::to_string(n) + "@b.example");
        return made;
    }
    bool is_frozen() {
        return parts.wait(parts.store().senders.find(parts.ann, {})).frozen.has_value();
    }

    delivery::routing_settings routing;
    delivery::directory_lookup lookup{parts.store().directory};
    delivery::owner_mail owner{lookup,           routing,           parts.store().delivery,
                               parts.arrivals(), parts.time.wall(), "mx.a.example"};
    outbound::sender_watch watching{parts.store().directory, parts.store().senders,
                                    submission.limits, owner};
};

}  // namespace

TEST_CASE_FIXTURE(
    hijacked_server,
    "A37 hijack: too many unknown new recipients freeze the account and tell the owner") {
    put(names("known", 10));
    put(names("guess", 20));
    start();
    until_empty();
    until([this] { return runner->running() == 0; });
    stop();
    CHECK(is_frozen());
    const auto told = parts.inbox(parts.bob);
    REQUIRE(told.size() == 1);
    CHECK(has(told[0].octets, "To: <postmaster@a.example>\r\n"));
    CHECK(has(told[0].octets, "Sending is frozen for ann@a.example."));
    CHECK(has(told[0].octets, "2 messages to 30 recipients, 30 of them new, 20 of these unknown"));
    CHECK(has(told[0].octets, "account unfreeze ann@a.example"));
    CHECK(parts.wait(parts.store().senders.untold()).empty());
}

TEST_CASE_FIXTURE(hijacked_server, "hijack: a list with some old addresses freezes nobody") {
    put(names("known", 70));
    put(names("gone", 20));
    start();
    until_empty();
    until([this] { return runner->running() == 0; });
    stop();
    CHECK_FALSE(is_frozen());
    CHECK(parts.inbox(parts.bob).empty());
}

TEST_CASE_FIXTURE(hijacked_server, "hijack: whom it has written to before does not count") {
    put(names("friend", 20));
    auto& queue = parts.store().queue;
    REQUIRE_FALSE(parts.wait(queue.remove(queue_id(1))));
    put(names("friend", 20));
    start();
    until_empty();
    until([this] { return runner->running() == 0; });
    stop();
    CHECK_FALSE(is_frozen());
}

TEST_CASE_FIXTURE(hijacked_server,
                  "A37 hijack: the owner hears of it at the next start when he could not before") {
    auto& senders = parts.store().senders;
    put({"known@b.example"});
    REQUIRE_FALSE(
        parts.wait(senders.freeze(parts.ann, storage::freeze_reason::unknown_recipients)));
    start();
    until([this] { return !parts.inbox(parts.bob).empty(); });
    stop();
    CHECK(servers.at("192.0.2.1").messages.empty());
    REQUIRE(parts.wait(senders.unfreeze(parts.ann)));
    start();
    until_empty();
    CHECK(servers.at("192.0.2.1").messages.size() == 1);
}
