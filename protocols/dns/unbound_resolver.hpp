#pragma once

#include "base/clock.hpp"
#include "protocols/dns/resolver.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

struct ub_ctx;
struct ub_result;

namespace hauspost::dns {

struct unbound_settings {
    /// Resolvers that are asked, "192.0.2.53" or "192.0.2.53@5353"; empty: the servers of the zones
    /// themselves, from the root on.
    std::vector<std::string> forwarders;
    /// A file with DS or DNSKEY records of the root, or of whatever zone is trusted; "": none.
    std::string trust_anchor_file;
    /// The same as texts, each a record. Without any anchor no answer is secure.
    std::vector<std::string> trust_anchors;
    std::size_t cache_octets = 32u << 20;  // records and messages together, at least 1 MiB
    /// That are open at the same time; one more is `failed` at once. At least 1.
    std::size_t max_questions = 512;
    std::chrono::milliseconds time_limit{20'000};  // for each question
};

/// Asks the DNS by libunbound, which validates, keeps answers, and does its work on a thread of its
/// own. Another thread, `dns`, hands questions over and takes answers.
///
/// A question that nobody waits for any more (its time is over, its coroutine was cancelled) goes on
/// inside libunbound and counts as open until it ends, so memory stays flat in an outage too.
///
/// Calling sequence: construct, use, stop() before the io_contexts of the callers go away.
/// RFC  1034, 1035, 4033, 4035; RFC 6891
class unbound_resolver final : public resolver {
public:
    /// Throws  std::runtime_error, in words for the operator, when a setting cannot be used
    explicit unbound_resolver(const unbound_settings& settings);
    ~unbound_resolver() override;
    unbound_resolver(const unbound_resolver&) = delete;
    unbound_resolver& operator=(const unbound_resolver&) = delete;

    /// Answers all open questions, and those that come, with `failed`. May be called twice.
    void stop();

    /// Questions that libunbound works at. Thread: any.
    [[nodiscard]] std::size_t open_questions() const noexcept { return open_questions_; }

private:
    struct batch;
    struct query;
    using query_list = std::list<query>;
    struct context_deleter {
        void operator()(ub_ctx* context) const noexcept;
    };

    awaitable<std::vector<rdata_answer>> ask(std::vector<question> questions) override;
    [[nodiscard]] bool submit(batch& asked);

    // The thread's own from here on.
    void run() noexcept;
    void start(batch& asked);
    void start_one(batch& asked, std::size_t index);
    void watch();
    static void on_answer(void* about, int fault, ub_result* result);
    static void tell(batch& asked, std::size_t index, rdata_answer told);
    void abandon(query& about, std::string why);
    void abandon_all(const std::string& why);
    void give_up(std::uint64_t batch_id);
    void set_timer();
    void expire();
    void end();

    const std::chrono::milliseconds time_limit_;
    const std::size_t max_questions_;
    std::atomic<std::uint64_t> last_batch_id_ = 0;
    std::atomic<std::size_t> open_questions_ = 0;

    std::mutex mutex_;  // of is_stopping_, and of the order of what is posted to the thread
    bool is_stopping_ = false;

    query_list waiting_;    // somebody waits for the answer; the oldest first
    query_list abandoned_;  // nobody does
    std::unique_ptr<ub_ctx, context_deleter> context_;
    bool is_broken_ = false;  // libunbound's thread is gone
    asio::io_context io_{1};
    asio::executor_work_guard<asio::io_context::executor_type> guard_{io_.get_executor()};
    asio::posix::stream_descriptor answers_{io_};  // libunbound's, which closes it
    asio::steady_timer timer_{io_};                // for the oldest that waits
    bool is_timer_set_ = false;
    std::thread thread_;
};

}  // namespace hauspost::dns
