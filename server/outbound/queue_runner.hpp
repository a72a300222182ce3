#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "server/outbound/delivery_settings.hpp"
#include "server/outbound/destination_rates.hpp"
#include "server/outbound/domain_delivery.hpp"
#include "server/outbound/forward_watch.hpp"
#include "server/outbound/own_delivery.hpp"
#include "server/outbound/running_deliveries.hpp"
#include "server/outbound/sender_reports.hpp"
#include "server/outbound/sender_watch.hpp"
#include "storage/change_feed.hpp"
#include "storage/queue_store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::outbound {

struct runner_ports {
    storage::queue_store& queue;
    storage::change_feed& changes;
    delivery_ports delivery;
    own_delivery& own;
    sender_reports& reports;
    const clock& time;
    sender_watch* watch = nullptr;      // null: nobody is taken for hijacked
    forward_watch* forwards = nullptr;  // null: no forward is ever suspended
};

/// Gives the mail that waits to other servers: claims what is due, delivers to many domains at the
/// same time, settles, tells senders. Nothing of a claim stands in memory alone: who dies in between
/// leaves a lease that ends.
///
/// Calling sequence: construct, start(), stop(), all on the executor's thread but for construction.
///
/// Lifetime: all that is passed in must outlive it, the io_context too; it must outlive its
/// coroutines, so once it was started stop() has to end.
class queue_runner final : private storage::account_watcher {
public:
    queue_runner(boost::asio::any_io_executor executor,
                 const runner_ports& ports,
                 const delivery_settings& settings);
    queue_runner(const queue_runner&) = delete;
    queue_runner& operator=(const queue_runner&) = delete;

    void start();
    /// Claims nothing any more and returns when all deliveries have ended: those that no server listens
    /// to yet at once, others by themselves within the time, else broken off. What was not sent is due
    /// again at once.
    awaitable<void> stop(std::chrono::steady_clock::duration at_most);

    [[nodiscard]] const boost::asio::any_io_executor& executor() const noexcept {
        return executor_;
    }
    /// Deliveries that go on. Thread: the executor's.
    [[nodiscard]] std::size_t running() const noexcept { return running_.size(); }

private:
    class lease_keeper;
    class early_settler;
    /// What came of a claim: of each recipient, and of the domain.
    struct attempt_end {
        std::vector<attempt_result> results;
        bool was_reached = true;  // some server was ready to take mail
        std::vector<storage::tls_result> tls;
    };

    void on_account_changed(account_id) noexcept override {}
    void on_directory_changed() noexcept override {}
    void on_queue_changed() noexcept override { look_again(); }
    void on_news_unknown() noexcept override { look_again(); }
    void look_again() noexcept;

    awaitable<void> work();
    awaitable<std::optional<std::int64_t>> claim_all();
    [[nodiscard]] storage::claim_request next_request(std::size_t room);
    awaitable<void> wait(std::optional<std::int64_t> next_due);
    void begin(storage::queue_claim claim);
    void end(running_deliveries::place at) noexcept;
    void hear(running_deliveries::place at) noexcept;

    awaitable<void> serve(std::shared_ptr<const storage::queue_claim> claim,
                          running_deliveries::place at);
    awaitable<attempt_end> attempt(const storage::queue_claim& claim, running_deliveries::place at);
    awaitable<bool> attempt_by(const smarthost* relay,
                               const storage::queue_claim& claim,
                               delivery_keeper& keeper,
                               attempt_end& into);
    awaitable<storage::queue_settlement> deliver(const storage::queue_claim& claim,
                                                 running_deliveries::place at,
                                                 unknown_by_account& unknown);
    awaitable<void> tell_of_delays(const storage::queue_claim& claim,
                                   storage::queue_settlement& done);
    awaitable<storage::queue_settlement> report(const storage::queue_claim& claim);
    awaitable<void> settle(storage::queue_settlement done);
    [[nodiscard]] std::int64_t now() const;

    const boost::asio::any_io_executor executor_;
    const runner_ports ports_;
    const delivery_settings& settings_;
    std::unique_ptr<storage::change_feed::subscription> subscription_;
    boost::asio::steady_timer wake_;
    bool has_news_ = false;
    bool is_stopping_ = false;
    bool is_breaking_off_ = false;  // what goes on is ended, and nothing begins
    bool is_working_ = false;
    running_deliveries running_;
    destination_rates rates_;
    std::list<domain_delivery*> deliveries_;
    boost::asio::steady_timer ended_;  // cancelled when a delivery ends
};

}  // namespace hauspost::outbound
