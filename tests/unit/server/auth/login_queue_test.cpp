// Logins that wait for a hash: who gets a place in the queue.
#include "server/auth/authenticator.hpp"
#include "tests/support/run.hpp"
#include "tests/unit/server/memory_directory.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

using namespace hauspost;
using namespace hauspost::auth;
using namespace std::chrono_literals;

namespace {

constexpr const char* office = "192.0.2.1";

/// One crypto thread and three waiting places, of which one is kept for known pairs. The thread can
/// be made to stand still in `now`, which it asks for before it hashes.
class busy_authenticator {
public:
    busy_authenticator() {
        storage::account anna;
        anna.id = account_id(1);
        anna.name = "anna@a.example";
        anna.password_hash = hash_password("right words", {8, 1, 1});
        anna.active = true;
        directory_.accounts[anna.id] = anna;
        authenticator_settings settings;
        settings.argon2 = {8, 1, 1};
        settings.hash_threads = 1;
        settings.max_waiting = 3;
        settings.cache_age = 0s;
        settings.now = [this, io_thread = std::this_thread::get_id()] {
            if (std::this_thread::get_id() != io_thread) pass();
            return steady_time(1h);
        };
        auth_.emplace(directory_, std::move(settings));
    }
    ~busy_authenticator() {
        release();
        auth_->stop();
    }
    busy_authenticator(const busy_authenticator&) = delete;
    busy_authenticator& operator=(const busy_authenticator&) = delete;

    /// The verdict is counted in `out`.
    void begin(std::string user,
               std::string password,
               std::string peer,
               std::map<sasl::errc, int>& out) {
        asio::co_spawn(
            io_,
            [](authenticator& a, std::string u, secret p, std::string from,
               std::map<sasl::errc, int>& said) -> awaitable<void> {
                const auto listen = [](account_id) {};
                const auto got =
                    co_await a.check(std::move(u), std::move(p), std::move(from), listen);
                ++said[got ? sasl::errc::ok : static_cast<sasl::errc>(got.error().value())];
            }(*auth_, std::move(user), secret(std::move(password)), std::move(peer), out),
            [](std::exception_ptr fault) { CHECK(!fault); });
    }
    void run_until(std::function<bool()> done) { test::run_until(io_, std::move(done)); }

    /// With that many distinct wrong passwords of strangers, of whom the first is being hashed.
    void stand(int strangers) {
        {
            const std::lock_guard lock(mutex_);
            released_ = false;
            standing_ = false;
        }
        begin("x@a.example", "wrong", "198.51.100.1", strangers_);
        io_.restart();
        io_.poll();
        {
            std::unique_lock lock(mutex_);
            moved_.wait(lock, [&] { return standing_; });
        }
        for (int n = 1; n < strangers; ++n)
            begin("x@a.example", "wrong" + std::to_string(n), "198.51.100.1", strangers_);
    }
    void release() {
        const std::lock_guard lock(mutex_);
        released_ = true;
        moved_.notify_all();
    }
    /// How many strangers heard this.
    int heard(sasl::errc what) { return strangers_[what]; }

private:
    void pass() {
        std::unique_lock lock(mutex_);
        standing_ = true;
        moved_.notify_all();
        moved_.wait(lock, [&] { return released_; });
    }

    std::mutex mutex_;
    std::condition_variable moved_;
    bool standing_ = false;
    bool released_ = true;
    test::memory_directory directory_;
    std::map<sasl::errc, int> strangers_;
    asio::io_context io_{1};  // outlives the pool that posts to it
    std::optional<authenticator> auth_;
};

}  // namespace

TEST_CASE("E03 logins: when the queue is full the answer is busy, and it recovers") {
    busy_authenticator h;
    h.stand(30);
    h.run_until([&] { return h.heard(sasl::errc::busy) > 0; });
    h.release();
    h.run_until([&] { return h.heard(sasl::errc::busy) + h.heard(sasl::errc::wrong) == 30; });
    CHECK(h.heard(sasl::errc::wrong) == 3);
    CHECK(h.heard(sasl::errc::busy) == 27);
    std::map<sasl::errc, int> later;
    h.begin("anna@a.example", "right words", office, later);
    h.run_until([&] { return !later.empty(); });
    CHECK(later[sasl::errc::ok] == 1);
}

TEST_CASE("E03 logins: who was right from there before gets in while strangers hear busy") {
    busy_authenticator h;
    std::map<sasl::errc, int> before, known, elsewhere;
    h.begin("anna@a.example", "right words", office, before);
    h.run_until([&] { return before[sasl::errc::ok] == 1; });
    h.stand(30);
    h.run_until([&] { return h.heard(sasl::errc::busy) == 27; });
    // The right password alone is no pass: whoever comes from elsewhere may be anybody.
    h.begin("anna@a.example", "right words", "203.0.113.9", elsewhere);
    h.begin("anna@a.example", "right words", office, known);
    h.run_until([&] { return !elsewhere.empty(); });
    CHECK(elsewhere[sasl::errc::busy] == 1);
    CHECK(known.empty());
    h.release();
    h.run_until([&] { return !known.empty() && h.heard(sasl::errc::wrong) == 3; });
    CHECK(known[sasl::errc::ok] == 1);
}
