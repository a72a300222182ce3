// Annotations (RFC 5464): kept whole, bounded, and gone with their mailbox.
#include "store_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;
using depth = mail::metadata_depth;

namespace {

error_code set(store_fixture& at,
               mailbox_key box,
               std::string entry,
               std::optional<std::string> value) {
    std::vector<annotation_change> changes{{std::move(entry), std::move(value)}};
    return at.get(at->annotations.annotate(box, std::move(changes)));
}

std::vector<annotation> all(store_fixture& at, mailbox_key box, depth below = depth::infinity) {
    return at.get(at->annotations.annotations(box, {"/private", "/shared"}, below)).value();
}

}  // namespace

TEST_CASE("store annotations: values of every length up to the limit come back whole") {
    store_fixture at;
    for (const std::size_t octets : {0u, 1u, 1899u, 1900u, 1901u, 3800u, 4095u, 4096u}) {
        const std::string value(octets, '\0');
        REQUIRE(!set(at, at.inbox(), "/private/comment", value));
        CHECK(all(at, at.inbox()) == std::vector<annotation>{{"/private/comment", value}});
        CHECK(at.findings().empty());
    }
    CHECK(set(at, at.inbox(), "/private/comment", std::string(4097, 'x')) == errc::invalid_name);
    CHECK(all(at, at.inbox()).front().value.size() == 4096);
    REQUIRE(!set(at, at.inbox(), "/private/comment", std::nullopt));
    CHECK(all(at, at.inbox()).empty());
}

TEST_CASE("store annotations: depth 0, 1 and infinity, and no name that only begins alike") {
    store_fixture at;
    for (const auto* entry : {"/shared/a", "/shared/a/b", "/shared/a/b/c", "/shared/ab"})
        REQUIRE(!set(at, at.inbox(), entry, entry));
    const auto names = [&](depth below) {
        std::string joined;
        for (const auto& one :
             at.get(at->annotations.annotations(at.inbox(), {"/shared/a", "/shared/a/b"}, below))
                 .value())
            joined += one.entry + " ";
        return joined;
    };
    CHECK(names(depth::zero) == "/shared/a /shared/a/b ");
    CHECK(names(depth::one) == "/shared/a /shared/a/b /shared/a/b/c ");
    CHECK(names(depth::infinity) == "/shared/a /shared/a/b /shared/a/b/c ");
}

TEST_CASE(
    "store annotations: B17 the limit of a mailbox holds, and nothing of a refused change stays") {
    store_fixture at;
    std::vector<annotation_change> changes;
    for (std::size_t n = 0; n < max_annotations; ++n)
        changes.push_back({"/private/" + std::to_string(n), "x"});
    REQUIRE(!at.get(at->annotations.annotate(at.inbox(), changes)));
    std::vector<annotation_change> more{{"/private/0", "changed"}, {"/private/one-more", "x"}};
    CHECK(at.get(at->annotations.annotate(at.inbox(), more)) == errc::too_many_annotations);
    CHECK(at.get(at->annotations.annotations(at.inbox(), {"/private/0"}, depth::zero))
              .value()
              .front()
              .value == "x");
    std::vector<annotation_change> other{{"/private/0", std::nullopt}, {"/private/one-more", "x"}};
    CHECK(!at.get(at->annotations.annotate(at.inbox(), other)));
    CHECK(all(at, at.inbox()).size() == max_annotations);
}

TEST_CASE("store annotations: B17 an account's annotations have a limit in all") {
    store_fixture at;
    std::vector<annotation_change> full;
    for (std::size_t n = 0; n < max_annotations; ++n)
        full.push_back({"/private/" + std::to_string(n), std::string(max_annotation_octets, 'x')});
    error_code refused;
    unsigned boxes = 0;
    for (; boxes < 20 && !refused; ++boxes)
        refused = at.get(at->annotations.annotate(at.make_box(std::to_string(boxes)), full));
    CHECK(refused == errc::too_many_annotations);
    CHECK(boxes == 8);  // 2 MiB and 256 KiB a mailbox
    CHECK(!set(at, at.inbox(), "/private/comment", "small"));
}

TEST_CASE("store annotations: they follow RENAME, stay on INBOX, and go with DELETE") {
    store_fixture at;
    const auto box = at.make_box("Box");
    REQUIRE(!set(at, box, "/shared/comment", "of the box"));
    REQUIRE(!set(at, at.inbox(), "/shared/comment", "of the inbox"));
    REQUIRE(!at.get(at->mailboxes.rename(at.ann, "Box", "Other")));
    CHECK(all(at, box).front().value == "of the box");
    REQUIRE(!at.get(at->mailboxes.rename(at.ann, "INBOX", "Old")));
    const mailbox_key old{at.ann, at.get(at->mailboxes.find(at.ann, "Old")).value().id};
    CHECK(all(at, old).front().value == "of the inbox");
    CHECK(all(at, at.inbox()).front().value == "of the inbox");
    REQUIRE(!at.get(at->mailboxes.remove(at.ann, "Other")));
    CHECK(set(at, box, "/shared/comment", "x") == errc::no_such_mailbox);
    CHECK(all(at, at.make_box("Other")).empty());
    CHECK(at.findings().empty());
}

TEST_CASE("store annotations: those of the account itself, and none of a removed account") {
    store_fixture at;
    const auto bob = at.add_account("b@example.test");
    const mailbox_key server{bob, mailbox_id()};
    REQUIRE(!set(at, server, "/private/vendor/x/y", "z"));
    at.reopen();
    CHECK(all(at, server) == std::vector<annotation>{{"/private/vendor/x/y", "z"}});
    REQUIRE(!set(at, {bob, mailbox_id(1)}, "/private/comment", "z"));
    REQUIRE(!at.get(at->directory.remove_account(bob)));
    at->keeper.tidy();
    CHECK(at.findings().empty());
    CHECK(set(at, server, "/private/vendor/x/y", "z") == errc::no_such_mailbox);
}
