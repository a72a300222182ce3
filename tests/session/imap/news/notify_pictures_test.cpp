// Many sessions of one account that watch its mailboxes.
#include "protocols/imap/session/news/notify_pictures.hpp"

#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <vector>

using namespace hauspost;
using namespace hauspost::test;
using namespace std::chrono_literals;
using imap::notify_picture;
using imap::notify_pictures;

namespace {

const std::string mail = "Subject: new\r\n\r\nbody\r\n";
const std::string append_mail = "APPEND Sent {" + std::to_string(mail.size()) + "+}\r\n" + mail;
const std::string watch_all = "NOTIFY SET (personal (MessageNew MessageExpunge MailboxName))";

std::shared_ptr<const notify_picture> empty_picture() {
    return std::make_shared<const notify_picture>();
}

}  // namespace

TEST_CASE("notify pictures: who may take one is the only one until the gap is over") {
    notify_pictures all(100ms);
    const notify_pictures::kind mine{nullptr, account_id(7), false, false},
        others{nullptr, account_id(8), false, false};
    const steady_time start(1h);
    CHECK_FALSE(all.reserve(mine, start));
    CHECK(all.reserve(mine, start + 1ms) == start + 100ms);
    CHECK_FALSE(all.reserve(others, start + 1ms));
    const auto picture = empty_picture();
    all.keep(mine, start, start + 2ms, picture);
    CHECK(all.latest(mine).began == start);
    CHECK(all.latest(mine).picture == picture);
    CHECK(all.reserve(mine, start + 99ms));
    CHECK_FALSE(all.reserve(mine, start + 100ms));
}

TEST_CASE("notify pictures: B06 a dear one makes the next one wait longer") {
    notify_pictures all(10ms);
    const notify_pictures::kind mine{nullptr, account_id(7), true, true};
    const steady_time start(1h);
    CHECK_FALSE(all.reserve(mine, start));
    all.keep(mine, start, start + 50ms, empty_picture());
    CHECK(all.reserve(mine, start + 60ms) == start + 50ms + 50ms * notify_pictures::rest_share);
}

TEST_CASE("notify pictures: those that nobody takes any more go") {
    notify_pictures all(0ms);
    const steady_time start(1h);
    const std::weak_ptr<const notify_picture> first = [&] {
        auto picture = empty_picture();
        all.keep({nullptr, account_id(1), false, false}, start, start, picture);
        return picture;
    }();
    CHECK_FALSE(first.expired());
    for (std::uint32_t n = 2; n < 40; ++n)
        CHECK_FALSE(all.reserve({nullptr, account_id(n), false, false}, start + 1h));
    CHECK(first.expired());
}

TEST_CASE("imap notify: B06 many changes cost one picture after the other, for all who watch") {
    imap_server server;
    auto& pictures = notify_pictures::shared();
    std::vector<std::unique_ptr<imap_client>> watching;
    for (int n = 0; n < 10; ++n) {
        watching.push_back(std::make_unique<imap_client>(server));
        watching.back()->command(watch_all);
    }
    imap_client other(server);
    const auto before = pictures.count();
    for (int n = 0; n < 20; ++n)
        other.command(append_mail);
    for (auto& one : watching)
        CHECK(one->wait_for("MESSAGES 20 ").find("* STATUS Sent (MESSAGES ") != std::string::npos);
    // Each by itself: up to 200.
    CHECK(pictures.count() - before < 100);
}
