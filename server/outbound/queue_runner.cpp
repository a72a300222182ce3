#include "server/outbound/queue_runner.hpp"

#include "base/log.hpp"
#include "server/outbound/claim_parts.hpp"
#include "storage/errc.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace hauspost::outbound {
namespace {

namespace asio = boost::asio;

// The clock may be set meanwhile, and news may be lost.
constexpr std::chrono::seconds longest_wait{60};
constexpr std::chrono::seconds pause_after_refusal{1};
constexpr std::chrono::seconds pause_when_full{1};
constexpr int max_settle_attempts = 8;
constexpr std::size_t max_domains_at_once = 16;
constexpr std::int64_t day_seconds = 86'400;

std::string_view name_of(const attempt_result& result, const storage::queue_outcome& outcome) {
    if (result.verdict == attempt_verdict::delivered) return "delivered";
    if (result.verdict == attempt_verdict::untried) return "untried";
    return outcome.what == storage::queue_outcome::end::again ? "again" : "failed";
}

std::optional<std::int64_t> sooner(std::optional<std::int64_t> one,
                                   std::optional<std::int64_t> other) {
    if (!one || !other) return one ? one : other;
    return std::min(*one, *other);
}

/// Of a recipient whose sender is to be told: done, with what was said of it.
storage::queue_outcome as_it_was(const storage::queue_item& item,
                                 const storage::queue_recipient& row) {
    storage::queue_outcome outcome;
    outcome.id = item.id;
    outcome.number = row.number;
    outcome.reply = row.last_reply;
    outcome.host = row.last_host;
    outcome.tls = row.last_tls;
    return outcome;
}

/// Whether nobody in it has been tried before this time.
bool is_new(const storage::queue_claim& claim) {
    const auto is_first = [](const auto& row) { return row.attempts <= 1; };
    return std::ranges::all_of(claim.items, [&](const auto& item) {
        return std::ranges::all_of(item.recipients, is_first);
    });
}

/// `send queue=7 from=... to=... result=delivered attempts=1 host=... reply=... tls=...`
void log_result(const storage::queue_item& item,
                const storage::queue_recipient& row,
                const attempt_result& result,
                const storage::queue_outcome& outcome) {
    log::info("send queue={} from={} to={} result={} attempts={} host={} reply={} tls={}",
              item.id.value(), log_safe(item.reverse_path), log_safe(row.to),
              name_of(result, outcome), row.attempts, log_safe(result.host),
              log_safe(result.reply, 400), log_safe(result.tls));
}

}  // namespace

/// Renews a claim as long as it stands. Made and destroyed on the executor's thread.
class queue_runner::lease_keeper {
public:
    lease_keeper(queue_runner& runner, std::shared_ptr<const storage::queue_claim> claim)
        : state_(std::make_shared<state>(runner.executor_)) {
        auto kept = keep(runner, state_, std::move(claim));
        asio::co_spawn(runner.executor_, std::move(kept), asio::detached);
    }
    ~lease_keeper() {
        state_->has_ended = true;
        state_->timer.cancel();
    }
    lease_keeper(const lease_keeper&) = delete;
    lease_keeper& operator=(const lease_keeper&) = delete;

private:
    struct state {
        explicit state(const asio::any_io_executor& executor) : timer(executor) {}
        asio::steady_timer timer;
        bool has_ended = false;  // the runner is not to be touched any more
    };

    static awaitable<void> keep(queue_runner& runner,
                                std::shared_ptr<state> here,
                                std::shared_ptr<const storage::queue_claim> claim) {
        const std::chrono::milliseconds lease = runner.settings_.lease;
        while (!here->has_ended) {
            here->timer.expires_after(lease / 3);
            co_await here->timer.async_wait(asio::as_tuple(asio::use_awaitable));
            if (here->has_ended) co_return;
            try {
                auto held = *claim;
                const auto until = runner.now() + runner.settings_.lease.count();
                const auto failed = co_await runner.ports_.queue.renew(std::move(held), until);
                if (failed == storage::errc::no_such_message) co_return;
            } catch (const std::exception& fault) {
                log::error("fault proto=send what={}", log_safe(fault.what()));
                co_return;
            }
        }
    }

    std::shared_ptr<state> state_;
};

/// Settles what was delivered of a claim while the rest of it goes on.
class queue_runner::early_settler final : public delivery_keeper {
public:
    early_settler(queue_runner& runner,
                  const storage::queue_claim& claim,
                  running_deliveries::place at)
        : runner_(runner), claim_(claim), at_(at) {}

    void on_heard() noexcept override { runner_.hear(at_); }

    awaitable<void> keep(std::vector<delivered_recipient> delivered) override {
        storage::queue_settlement done;
        done.lease = claim_.lease;
        done.domain = claim_.domain;
        for (const auto& one : delivered)
            done.outcomes.push_back(outcome_of(*one.item, *one.row, one.result,
                                               runner_.settings_.retry, runner_.now()));
        const auto failed = co_await runner_.ports_.queue.settle(std::move(done));
        // Then with all others, at the end.
        if (failed)
            log::warn("settle domain={} reason={}", log_safe(claim_.domain),
                      log_safe(failed.message()));
    }

private:
    queue_runner& runner_;
    const storage::queue_claim& claim_;
    const running_deliveries::place at_;
};

queue_runner::queue_runner(asio::any_io_executor executor,
                           const runner_ports& ports,
                           const delivery_settings& settings)
    : executor_(std::move(executor)),
      ports_(ports),
      settings_(settings),
      wake_(executor_),
      running_(settings),
      rates_(settings.rates),
      ended_(executor_) {}

std::int64_t queue_runner::now() const {
    return std::chrono::system_clock::to_time_t(ports_.time.now());
}

void queue_runner::start() {
    subscription_ = ports_.changes.watch(executor_, *this);
    is_working_ = true;
    asio::co_spawn(executor_, work(), [this](std::exception_ptr fault) {
        is_working_ = false;
        ended_.cancel();
        if (fault) log::error("fault proto=send what=runner_ended");
    });
}

awaitable<void> queue_runner::stop(std::chrono::steady_clock::duration at_most) {
    const auto end = std::chrono::steady_clock::now() + at_most;
    is_stopping_ = true;
    subscription_.reset();
    look_again();
    for (auto* one : deliveries_)
        one->request_stop();
    bool is_broken_off = false;
    while (running_.size() > 0 || is_working_) {
        ended_.expires_at(is_broken_off ? std::chrono::steady_clock::time_point::max() : end);
        const auto [woken] = co_await ended_.async_wait(asio::as_tuple(asio::use_awaitable));
        if (woken || is_broken_off) continue;
        is_broken_off = is_breaking_off_ = true;
        for (auto* one : deliveries_)
            one->stop();
    }
}

void queue_runner::look_again() noexcept {
    has_news_ = true;
    wake_.cancel();
}

awaitable<void> queue_runner::work() {
    if (ports_.watch != nullptr) co_await ports_.watch->tell_owner();
    while (!is_stopping_) {
        has_news_ = false;
        std::optional<std::int64_t> next;
        try {
            next = co_await claim_all();
        } catch (const std::exception& fault) {
            log::error("fault proto=send what={}", log_safe(fault.what()));
            next = now() + longest_wait.count();
        }
        if (!has_news_ && !is_stopping_) co_await wait(next);
    }
}

/// Until nothing more is due, or no more can be done at once.
/// Returns  when to look again; nullopt: when there is news
awaitable<std::optional<std::int64_t>> queue_runner::claim_all() {
    while (!is_stopping_) {
        const auto room = running_.room(ports_.delivery.monotonic.now());
        // Some of those that go on may turn out to wait.
        if (room == 0) co_return now() + pause_when_full.count();
        auto wanted = next_request(room);
        auto found = co_await ports_.queue.claim(std::move(wanted));
        if (!found) co_return now() + pause_after_refusal.count();
        const bool is_nothing = found->claims.empty();
        const auto next = found->next_due;
        for (auto& one : found->claims)
            begin(std::move(one));
        if (is_nothing) co_return sooner(next, rates_.next_room());
    }
    co_return std::nullopt;
}

/// room  at least 1
storage::claim_request queue_runner::next_request(std::size_t room) {
    storage::claim_request wanted;
    wanted.now = now();
    wanted.lease_until = wanted.now + settings_.lease.count();
    wanted.most_domains = std::min(max_domains_at_once, room);
    wanted.most_recipients = settings_.max_recipients;
    wanted.busy = running_.busy();
    rates_.limit(wanted);
    return wanted;
}

awaitable<void> queue_runner::wait(std::optional<std::int64_t> next_due) {
    auto length = longest_wait;
    if (next_due)
        length = std::clamp(std::chrono::seconds(*next_due - now()), std::chrono::seconds(0),
                            longest_wait);
    wake_.expires_after(length);
    co_await wake_.async_wait(asio::as_tuple(asio::use_awaitable));
}

void queue_runner::begin(storage::queue_claim claim) {
    const auto at = running_.begin(claim.domain, is_new(claim), ports_.delivery.monotonic.now());
    rates_.note(claim.domain, claim.items.size(), now());
    auto shared = std::make_shared<const storage::queue_claim>(std::move(claim));
    asio::co_spawn(executor_, serve(std::move(shared), at), [this, at](std::exception_ptr fault) {
        // What it held is due again when its lease is over.
        if (fault) log::error("fault proto=send what=delivery_ended");
        end(at);
    });
}

void queue_runner::end(running_deliveries::place at) noexcept {
    running_.end(at);
    ended_.cancel();
    look_again();
}

void queue_runner::hear(running_deliveries::place at) noexcept {
    if (running_.hear(at, ports_.delivery.monotonic.now())) look_again();
}

awaitable<void> queue_runner::serve(std::shared_ptr<const storage::queue_claim> claim,
                                    running_deliveries::place at) {
    try {
        const lease_keeper lease(*this, claim);
        storage::queue_settlement done;
        unknown_by_account unknown;
        if (claim->domain.empty())
            done = co_await report(*claim);
        else
            done = co_await deliver(*claim, at, unknown);
        co_await settle(std::move(done));
        if (ports_.watch != nullptr) co_await ports_.watch->note(std::move(unknown));
    } catch (const std::exception& fault) {
        log::error("fault proto=send domain={} what={}", log_safe(claim->domain),
                   log_safe(fault.what()));
    }
}

awaitable<queue_runner::attempt_end> queue_runner::attempt(const storage::queue_claim& claim,
                                                           running_deliveries::place at) {
    attempt_end made;
    auto domain = claim.domain;
    if (co_await ports_.own.is_for(std::move(domain))) {
        rates_.forget(claim.domain);
        hear(at);
        made.results = co_await ports_.own.run(claim);
        co_return made;
    }
    early_settler settler(*this, claim, at);
    if (settings_.relays_of.empty()) {
        const auto* relay = settings_.relay ? &*settings_.relay : nullptr;
        made.was_reached = co_await attempt_by(relay, claim, settler, made);
        co_return made;
    }
    // Whose smarthost is away says nothing about the domain: others' mail for it is not put off.
    std::size_t count = 0;
    for (const auto& item : claim.items)
        count += item.recipients.size();
    std::vector<attempt_result> results(count);
    const auto parts = parts_by_relay(settings_, claim);
    for (const auto& part : parts) {
        std::string fault;
        try {
            const bool was_reached = co_await attempt_by(part.relay, part.claim, settler, made);
            if (parts.size() == 1 && part.relay == nullptr) made.was_reached = was_reached;
        } catch (const storage::fault& why) {
            if (parts.size() == 1) throw;
            fault = why.what();
        }
        if (!fault.empty()) {
            // What came of the others is kept, or they would be asked again.
            log::error("fault proto=send domain={} what={}", log_safe(claim.domain),
                       log_safe(fault));
            attempt_result later;
            later.reply = "the message cannot be read here now";
            made.results.assign(part.places.size(), later);
        }
        for (std::size_t n = 0; n < part.places.size(); ++n)
            results.at(part.places[n]) = std::move(made.results.at(n));
    }
    made.results = std::move(results);
    co_return made;
}

/// True: some server was ready to take mail.
/// into  gets the results, and counts beside those that it has
awaitable<bool> queue_runner::attempt_by(const smarthost* relay,
                                         const storage::queue_claim& claim,
                                         delivery_keeper& keeper,
                                         attempt_end& into) {
    domain_delivery attempt(ports_.delivery, settings_, claim, relay);
    attempt.keep_by(keeper);
    if (is_breaking_off_) attempt.stop();
    const auto known = deliveries_.insert(deliveries_.end(), &attempt);
    if (is_stopping_) attempt.request_stop();
    std::exception_ptr fault;
    try {
        into.results = co_await attempt.run();
        // The way of other senders, which comes next, may be one that takes minutes to fail.
        if (!settings_.relays_of.empty()) co_await attempt.keep_rest();
    } catch (...) {
        fault = std::current_exception();
    }
    deliveries_.erase(known);
    if (fault) std::rethrow_exception(fault);
    if (settings_.reports_tls) {
        for (auto& one : attempt.take_counts()) {
            one.day = static_cast<std::uint32_t>(now() / day_seconds);
            into.tls.push_back(std::move(one));
        }
    }
    co_return attempt.was_reached();
}

/// unknown  is filled with recipients that nobody knows
awaitable<storage::queue_settlement> queue_runner::deliver(const storage::queue_claim& claim,
                                                           running_deliveries::place at,
                                                           unknown_by_account& unknown) {
    auto made = co_await attempt(claim, at);
    storage::queue_settlement done;
    done.lease = claim.lease;
    done.domain = claim.domain;
    std::size_t n = 0;
    std::int64_t soonest = INT64_MAX;
    for (const auto& item : claim.items) {
        for (const auto& row : item.recipients) {
            const auto& result = made.results.at(n++);
            auto outcome = outcome_of(item, row, result, settings_.retry, now());
            log_result(item, row, result, outcome);
            if (ports_.forwards != nullptr) co_await ports_.forwards->note(row, result);
            if (outcome.what == storage::queue_outcome::end::again)
                soonest = std::min(soonest, outcome.due_at);
            if (row.is_new && item.sender && is_unknown_recipient(result)) ++unknown[item.sender];
            done.outcomes.push_back(std::move(outcome));
        }
    }
    done.tls = std::move(made.tls);
    // A domain that no server answers for is left alone by its other mail, too.
    if (!made.was_reached && soonest != INT64_MAX) done.not_before = soonest;
    co_await tell_of_delays(claim, done);
    co_return done;
}

/// Senders whose mail takes long are told once. What cannot be told now is told after the next
/// attempt.
awaitable<void> queue_runner::tell_of_delays(const storage::queue_claim& claim,
                                             storage::queue_settlement& done) {
    std::size_t n = 0;
    for (const auto& item : claim.items) {
        auto late = item;
        late.recipients.clear();
        std::vector<storage::queue_outcome*> told;
        storage::claimed_outcomes settles;
        settles.lease = claim.lease;
        for (const auto& row : item.recipients) {
            auto& outcome = done.outcomes.at(n++);
            if (outcome.what != storage::queue_outcome::end::again || row.delay_told ||
                !is_late(settings_.retry, item.begins_at(), now()) ||
                !wants_notice(item, row, "DELAY"))
                continue;
            late.recipients.push_back(row);
            late.recipients.back().last_reply = outcome.reply;
            late.recipients.back().last_host = outcome.host;
            told.push_back(&outcome);
            settles.outcomes.push_back(outcome);
            settles.outcomes.back().delay_told = true;
        }
        if (late.recipients.empty()) continue;
        const auto verdict = co_await ports_.reports.tell(late, std::move(settles));
        for (auto* one : told)
            one->delay_told = verdict != report_verdict::later;
    }
}

/// Tells senders what became of their messages, which then leave the queue.
awaitable<storage::queue_settlement> queue_runner::report(const storage::queue_claim& claim) {
    storage::queue_settlement done;
    done.lease = claim.lease;
    for (const auto& item : claim.items) {
        storage::claimed_outcomes told;
        told.lease = claim.lease;
        for (const auto& row : item.recipients)
            told.outcomes.push_back(as_it_was(item, row));
        auto outcomes = told.outcomes;
        for (auto& outcome : told.outcomes)
            outcome.trace = storage::trace_step::sender_told;
        const auto verdict = co_await ports_.reports.tell(item, std::move(told));
        for (std::size_t n = 0; n < outcomes.size(); ++n) {
            auto& outcome = outcomes[n];
            outcome.due_at = next_attempt(settings_.retry, item.recipients[n].attempts, now());
            // A report may wait as long as the message did.
            const bool is_over =
                is_time_over(settings_.retry, item.begins_at() + settings_.retry.give_up.count(),
                             outcome.due_at);
            if (verdict == report_verdict::later && !is_over)
                outcome.what = storage::queue_outcome::end::again;
            done.outcomes.push_back(std::move(outcome));
        }
        const auto word = verdict == report_verdict::told    ? "told"
                          : verdict == report_verdict::later ? "again"
                                                             : "nobody";
        log::info("report queue={} to={} result={}", item.id.value(), log_safe(item.reverse_path),
                  word);
    }
    co_return done;
}

/// What is not settled comes again when its lease is over, and twice to who has it: so this is tried
/// for a while.
awaitable<void> queue_runner::settle(storage::queue_settlement done) {
    for (int n = 0; n < max_settle_attempts; ++n) {
        auto copy = done;
        const auto failed = co_await ports_.queue.settle(std::move(copy));
        if (!failed) co_return;
        log::warn("settle domain={} reason={}", log_safe(done.domain), log_safe(failed.message()));
        if (is_stopping_) co_return;
        co_await ports_.delivery.monotonic.pause(pause_after_refusal);
    }
}

}  // namespace hauspost::outbound
