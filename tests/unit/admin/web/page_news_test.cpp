// What open pages are told, by a feed and a time of the test's own.
#include "admin/web/page_news.hpp"

#include "tests/support/manual_clock.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace hauspost;
using namespace hauspost::admin::web;
using namespace std::chrono_literals;

namespace {

/// Somebody may listen, and is told what the test says.
class told_feed final : public storage::change_feed {
public:
    std::unique_ptr<subscription> subscribe(account_id,
                                            asio::any_io_executor,
                                            storage::account_listener&) override {
        return nullptr;
    }
    std::unique_ptr<subscription> watch(asio::any_io_executor,
                                        storage::account_watcher& watcher) override {
        to = &watcher;
        ++times;
        return std::make_unique<end>(*this);
    }
    storage::account_watcher* to = nullptr;  // null: nobody listens
    int times = 0;

private:
    struct end final : subscription {
        explicit end(told_feed& of) : feed(of) {}
        ~end() override { feed.to = nullptr; }
        told_feed& feed;
    };
};

struct news_fixture {
    ~news_fixture() {
        for (const auto& one : open)
            if (one->stream) one->stream->stop();
        settle();
        open.clear();
        wait(how.apart);  // what tells them sees that nobody listens, and ends
    }

    /// The session's half: asks again and again, and keeps what comes.
    struct open_one {
        std::shared_ptr<page_stream> stream;
        std::vector<std::string> said;
        bool is_over = false;
    };
    static awaitable<void> read_all(std::shared_ptr<open_one> of) {
        for (;;) {
            auto came = co_await of->stream->next();
            if (came.empty()) break;
            of->said.push_back(std::move(came));
        }
        of->is_over = true;
        of->stream.reset();
    }
    std::shared_ptr<open_one> open_page(char session = 'a') {
        auto made = std::make_shared<open_one>();
        sha256_digest key{};
        key.fill(session);
        made->stream = news.open(key, [this]() -> awaitable<bool> {
            ++looks;
            co_return stands;
        });
        if (!made->stream) return nullptr;
        open.push_back(made);
        asio::co_spawn(io, read_all(made), [](std::exception_ptr fault) {
            if (fault) std::rethrow_exception(fault);
        });
        settle();
        return made;
    }
    void settle() {
        for (std::size_t ran = 1; ran > 0;) {
            io.restart();
            ran = io.poll();
        }
    }
    void wait(steady_time::duration length) {
        time.advance(length);
        settle();
    }
    /// What a page was told since it was asked the last time.
    static std::string told(const std::shared_ptr<open_one>& of) {
        std::string all;
        for (const auto& one : std::exchange(of->said, {}))
            all += one;
        return all;
    }

    told_feed feed;
    test::manual_clock time;
    bool stands = true;  // the session
    int looks = 0;
    page_news::settings how{6, 2, 1s, 5s, 15s};
    asio::io_context io{1};
    page_news news{feed, time, io.get_executor(), how};
    std::vector<std::shared_ptr<open_one>> open;
};

const std::string all_changed = "event: changed\ndata: overview queue trace ban audit\n\n";

}  // namespace

TEST_CASE_FIXTURE(news_fixture, "page news: nobody listens to the store while no page is open") {
    CHECK(feed.to == nullptr);
    const auto page = open_page();
    CHECK(feed.to != nullptr);
    CHECK(told(page).empty());
    wait(1s);
    CHECK(told(page) == all_changed);
    page->stream->stop();
    settle();
    CHECK(page->is_over);
    wait(1s);
    CHECK(feed.to == nullptr);
    // The next one begins it anew.
    const auto second = open_page();
    wait(1s);
    CHECK(told(second) == all_changed);
    CHECK(feed.times == 2);
}

TEST_CASE_FIXTURE(news_fixture, "page news: what changes is told once a second, the dear in five") {
    const auto page = open_page();
    wait(1s);
    told(page);
    wait(10s);
    CHECK(told(page).empty());
    for (int n = 0; n < 100; ++n)
        feed.to->on_queue_changed();
    settle();
    CHECK(told(page).empty());
    wait(1s);
    CHECK(told(page) == "event: changed\ndata: overview queue\n\n");
    storage::office_news passed;
    passed.passed = true;
    for (int second = 2; second <= 5; ++second) {
        feed.to->on_office_changed(passed);
        feed.to->on_queue_changed();
        wait(1s);
        CHECK(told(page) == "event: changed\ndata: queue\n\n");
    }
    wait(1s);
    CHECK(told(page) == "event: changed\ndata: overview trace\n\n");
    wait(30s);
    CHECK(told(page).empty());
}

TEST_CASE_FIXTURE(news_fixture, "page news: each change is told to the pages that show it") {
    const auto page = open_page();
    wait(1s);
    const auto after = [&](auto change) {
        told(page);
        wait(5s);
        change(*feed.to);
        wait(1s);
        return told(page);
    };
    storage::office_news bans, audit;
    bans.bans = true;
    audit.audit = true;
    CHECK(after([&](auto& to) { to.on_office_changed(bans); }) == "event: changed\ndata: ban\n\n");
    CHECK(after([&](auto& to) { to.on_office_changed(audit); }) ==
          "event: changed\ndata: overview audit\n\n");
    CHECK(after([&](auto& to) { to.on_directory_changed(); }) ==
          "event: changed\ndata: overview\n\n");
    CHECK(after([&](auto& to) { to.on_news_unknown(); }) == all_changed);
    // What people do with their mail is nothing that a page shows.
    CHECK(after([&](auto& to) { to.on_account_changed(account_id(1)); }).empty());
}

TEST_CASE_FIXTURE(news_fixture, "page news: H01 who does not read holds one line, whatever comes") {
    const auto slow = std::make_shared<open_one>();
    slow->stream = news.open({}, [this]() -> awaitable<bool> { co_return stands; });
    settle();
    for (int n = 0; n < 1'000; ++n) {
        feed.to->on_queue_changed();
        wait(1s);
    }
    asio::co_spawn(io, read_all(slow), [](std::exception_ptr) {});
    settle();
    CHECK(told(slow) == all_changed);
    slow->stream->stop();
    settle();
    CHECK(slow->is_over);
}

TEST_CASE_FIXTURE(news_fixture,
                  "page news: G11 a stream ends with its session, at once or in time") {
    const auto page = open_page();
    wait(1s);
    told(page);
    storage::office_news sessions;
    sessions.sessions = true;
    feed.to->on_office_changed(sessions);  // somebody else's, as it turns out
    settle();
    CHECK(looks >= 1);
    CHECK_FALSE(page->is_over);
    stands = false;
    feed.to->on_queue_changed();
    feed.to->on_office_changed(sessions);
    settle();
    CHECK(page->is_over);
    CHECK(told(page).empty());

    stands = true;
    const auto other = open_page();
    wait(1s);
    stands = false;  // its time is over, of which nothing tells
    for (int second = 0; second < 15; ++second)
        wait(1s);
    CHECK(other->is_over);
}

TEST_CASE_FIXTURE(news_fixture, "page news: of one browser the oldest gives way, of all none") {
    const auto first = open_page('a'), second = open_page('a'), other = open_page('b');
    const auto third = open_page('a');
    settle();
    CHECK(first->is_over);
    CHECK(told(first) == "event: full\ndata: \n\n");
    CHECK_FALSE(second->is_over);
    CHECK_FALSE(other->is_over);
    wait(1s);
    CHECK(told(third) == all_changed);
    CHECK(told(first).empty());
    for (const char session : {'c', 'd', 'e'})
        CHECK(open_page(session) != nullptr);
    CHECK(open_page('f') == nullptr);
    other->stream->stop();
    settle();
    CHECK(open_page('f') != nullptr);
}

TEST_CASE_FIXTURE(news_fixture, "page news: any thread may open, and what is told is not lost") {
    const auto page = open_page();
    wait(1s);
    told(page);
    std::thread teller([stream = page->stream] {
        for (int n = 0; n < 10'000; ++n)
            stream->tell(n % 2 == 0 ? topic_ban : topic_queue);
        stream->tell(topic_audit);
    });
    std::vector<std::shared_ptr<page_stream>> opened;
    std::thread opener([this, &opened] {
        for (char session = 'x'; session <= 'z'; ++session) {
            sha256_digest key{};
            key.fill(session);
            opened.push_back(news.open(key, []() -> awaitable<bool> { co_return true; }));
        }
    });
    const auto has_audit = [&page] {
        return !page->said.empty() && page->said.back().find("audit") != std::string::npos;
    };
    while (!has_audit()) {
        io.restart();
        io.run_one_for(100ms);
    }
    teller.join();
    opener.join();
    CHECK(opened.size() == 3);
    CHECK(opened.back() != nullptr);
}
