#include "server/delivery/local_sink.hpp"

#include "base/log.hpp"
#include "protocols/message/author.hpp"
#include "protocols/message/summary.hpp"
#include "server/delivery/domain_above.hpp"
#include "server/delivery/message_targets.hpp"
#include "server/delivery/message_trace.hpp"
#include "server/delivery/recipient_routes.hpp"
#include "server/delivery/taken_message.hpp"
#include "server/delivery/trace_headers.hpp"
#include "storage/errc.hpp"

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace hauspost::delivery {
namespace {

using smtp::delivery_verdict;
using smtp::recipient_verdict;

constexpr int max_deliveries_in_part = 3;

delivery_verdict verdict_for(error_code ec) {
    if (!ec) return delivery_verdict::accepted;
    if (ec == storage::errc::over_quota) return delivery_verdict::over_quota;
    if (ec == storage::errc::disk_full) return delivery_verdict::disk_full;
    if (ec == storage::errc::busy) return delivery_verdict::busy;
    if (ec == storage::errc::over_sending_limit) return delivery_verdict::over_sending_limit;
    if (ec == storage::errc::sending_frozen) return delivery_verdict::sending_frozen;
    return delivery_verdict::try_again;  // unsure, too: twice is better than lost
}

/// For a recipient that was accepted at RCPT and is not any more: the sender's next attempt hears
/// the reason at RCPT, for that recipient alone.
delivery_verdict verdict_for(recipient_verdict verdict) {
    switch (verdict) {
    case recipient_verdict::over_quota: return delivery_verdict::over_quota;
    case recipient_verdict::loop: return delivery_verdict::loop;
    case recipient_verdict::accepted:
    case recipient_verdict::no_such_user:
    case recipient_verdict::relay_denied:
    case recipient_verdict::account_disabled:
    case recipient_verdict::too_many_targets:
    case recipient_verdict::too_many_recipients:
    case recipient_verdict::try_again: break;
    }
    return delivery_verdict::try_again;
}

}  // namespace

class local_sink::incoming final : public smtp::incoming_message {
public:
    incoming(local_sink& sink, std::shared_ptr<const smtp::envelope> envelope)
        : sink_(sink),
          envelope_(std::move(envelope)),
          trace_id_(make_trace_id()),
          id_(to_text(trace_id_)),
          message_(sink.arrivals_),
          arrived_at_(
              std::chrono::duration_cast<std::chrono::seconds>(sink.clock_.now().time_since_epoch())
                  .count()) {}

    /// The first octets, so that all recipients share them.
    awaitable<void> write_trace() {
        const auto field = received_field(*envelope_, sink_.config_.hostname, id_, arrived_at_);
        (void)co_await message_.write(field);  // refused: so is all that follows
        own_octets_ = field.size();
    }

    awaitable<delivery_verdict> write(std::string_view octets) override {
        co_return verdict_for(co_await message_.write(octets));
    }

    awaitable<delivery_verdict> commit() override {
        try {
            co_return co_await store();
        } catch (const std::exception& fault) {
            log::error("fault proto=delivery id={} what={}", id_, log_safe(fault.what()));
        }
        co_return delivery_verdict::try_again;
    }

    [[nodiscard]] std::string_view why() const override { return why_; }
    [[nodiscard]] const std::string& id() const override { return id_; }

private:
    awaitable<delivery_verdict> store();
    awaitable<delivery_verdict> read();
    [[nodiscard]] delivery_verdict judge() const;
    awaitable<delivery_verdict> route();
    awaitable<delivery_verdict> sign();
    awaitable<delivery_verdict> keep();
    awaitable<std::shared_ptr<const domain_signature>> find_signature() const;
    awaitable<error_code> deliver(storage::delivery_request request);
    awaitable<error_code> store_all(storage::delivery_request request);
    [[nodiscard]] taken_message taken() const {
        return {*envelope_,        header_,     trace_id_,
                message_.octets(), arrived_at_, sink_.traces_subjects_};
    }

    local_sink& sink_;
    const std::shared_ptr<const smtp::envelope> envelope_;
    const storage::trace_id trace_id_;
    const std::string id_;
    ingest::arriving_message message_;
    const std::int64_t arrived_at_;
    std::size_t own_octets_ = 0;  // of the field that we wrote in front
    // Known when it has been read:
    storage::message_summary summary_;
    trace header_;
    std::string author_domain_;               // when it is to be signed
    std::optional<message_targets> targets_;  // when it has been routed
    std::string why_;                         // of a refusal, where its verdict does not say it all
};

/// The way of a message that has come whole. Each step may refuse it, and nothing is stored before the
/// last one.
awaitable<delivery_verdict> local_sink::incoming::store() {
    auto verdict = co_await read();
    if (verdict == delivery_verdict::accepted) verdict = judge();
    if (verdict == delivery_verdict::accepted) verdict = co_await route();
    if (verdict == delivery_verdict::accepted) verdict = co_await sign();
    if (verdict == delivery_verdict::accepted) verdict = co_await keep();
    if (verdict != delivery_verdict::accepted) co_return verdict;
    const auto& history = targets_->history();
    history.log(id_);
    const auto lost = history.lost();
    if (!lost.empty()) co_await sink_.report_.write(lost);
    co_return verdict;
}

/// All that is wanted of its octets, in one pass over them.
awaitable<delivery_verdict> local_sink::incoming::read() {
    const auto look = [&](std::string_view octets) {
        const auto given = octets.substr(own_octets_);
        header_ = read_trace(given);
        if (sink_.leaving_.signer != nullptr) author_domain_ = message::author_domain(given);
    };
    auto summary = co_await message_.finish(look);
    if (!summary) co_return verdict_for(summary.error());
    summary_ = std::move(*summary);
    co_return delivery_verdict::accepted;
}

/// What stands against the message itself, whoever it is for.
delivery_verdict local_sink::incoming::judge() const {
    const auto most = sink_.config_.max_received_fields;
    if (most != 0 && header_.received >= most) return delivery_verdict::loop;
    return delivery_verdict::accepted;
}

/// Who gets it. What was found at RCPT may not hold any more.
awaitable<delivery_verdict> local_sink::incoming::route() {
    auto* paths = sink_.leaving_.paths;
    auto& targets = targets_.emplace(taken(), sink_.config_.rewrite_forwards ? paths : nullptr);
    recipient_routes routes(sink_.lookup_, paths, sink_.config_, envelope_->reverse_path.is_null());
    for (const auto& recipient : envelope_->recipients) {
        auto name = co_await routes.name_of(recipient.address);
        // Without the size: one mailbox that turns out too small for this message would refuse it
        // for all recipients at every attempt. It takes one message more than it should.
        auto finding = routes.find(recipient.address, name, 0);
        auto found = co_await std::move(finding);
        if (found.to.verdict != recipient_verdict::accepted)
            co_return verdict_for(found.to.verdict);
        auto adding = targets.add(recipient, std::move(name), std::move(found));
        const auto failed = co_await std::move(adding);
        if (failed) co_return verdict_for(failed);
    }
    if (targets.any()) co_return delivery_verdict::accepted;
    co_return targets.is_loop() ? delivery_verdict::loop : delivery_verdict::try_again;
}

/// Of the author's domain. A message of the server itself (a report) is signed by the domain above its
/// host name, too: mail.example.org is aligned with example.org (RFC 7489 3.1.1).
awaitable<std::shared_ptr<const domain_signature>> local_sink::incoming::find_signature() const {
    const bool is_own = !envelope_->submitter.account && envelope_->peer_address.empty();
    std::shared_ptr<const domain_signature> found;
    for (std::string_view domain = author_domain_; !domain.empty() && !found;
         domain = is_own ? domain_above(domain) : std::string_view()) {
        std::string name(domain);
        found = co_await sink_.leaving_.signer->find(std::move(name));
    }
    co_return found;
}

/// Puts signatures in front of what leaves, one set for all: what is in front of them is not signed.
awaitable<delivery_verdict> local_sink::incoming::sign() {
    if (!targets_->is_leaving() || author_domain_.empty() || !envelope_->sent_on_by.empty())
        co_return delivery_verdict::accepted;
    const auto how = co_await find_signature();
    if (!how) co_return delivery_verdict::accepted;
    auto work = [&how, octets = message_.blob()->view()] { return how->sign(octets); };
    const auto made = co_await sink_.arrivals_.workers.run(std::move(work));
    if (!made) co_return delivery_verdict::busy;
    if (made->text.empty())
        log::warn("sign id={} domain={} result=unsigned reason={}", id_, log_safe(author_domain_),
                  made->why_not);
    targets_->put_in_front(made->text);
    co_return delivery_verdict::accepted;
}

/// All of it in one commit.
awaitable<delivery_verdict> local_sink::incoming::keep() {
    storage::delivery_request request;
    request.id = trace_id_;
    request.blob = message_.blob();
    request.summary = std::move(summary_.octets);
    request.thread = summary_.thread;
    request.internal_date.unix_seconds = arrived_at_;
    targets_->move_into(request);
    request.settles = envelope_->settles;
    if (envelope_->submitter.account) {
        request.copy_in_sent.emplace();
        request.copy_in_sent->account = envelope_->submitter.account;
        request.message_id = message::sort_fields_of(request.summary).message_id;
    }
    request.trace = steps_of(taken(), targets_->history(), request.remote);
    auto delivering = deliver(std::move(request));
    co_return verdict_for(co_await std::move(delivering));
}

/// Counts it against its sender's limits, who hears in words what stands against it.
awaitable<error_code> local_sink::incoming::deliver(storage::delivery_request request) {
    auto* limits = sink_.leaving_.limits;
    if (limits != nullptr && envelope_->submitter.account) {
        auto envelope = envelope_;
        request.sent = co_await limits->count(std::move(envelope));
    }
    auto sent = request.sent;
    auto storing = store_all(std::move(request));
    const auto ec = co_await std::move(storing);
    if (ec == storage::errc::over_sending_limit || ec == storage::errc::sending_frozen) {
        auto login = envelope_->submitter.address;
        why_ = co_await limits->explain(std::move(sent), std::move(login));
    }
    co_return ec;
}

/// What could be stored for some accounts alone is repeated: SMTP has one reply for all of them.
awaitable<error_code> local_sink::incoming::store_all(storage::delivery_request request) {
    // One account's mail is stored or not.
    if (request.local.size() < 2) co_return co_await sink_.delivery_.deliver(std::move(request));
    storage::delivery_outcome outcome;
    for (int n = 0; n < max_deliveries_in_part; ++n) {
        auto copy = request;
        outcome = co_await sink_.delivery_.deliver(std::move(copy));
        if (!outcome.is_partial()) break;
    }
    co_return outcome.whole();
}

local_sink::local_sink(storage::directory_store& directory,
                       storage::delivery_store& delivery,
                       const ingest::ports& arrivals,
                       const clock& clock,
                       sink_config config,
                       const way_out& leaving)
    : lookup_(directory),
      delivery_(delivery),
      arrivals_(arrivals),
      clock_(clock),
      config_(std::move(config)),
      traces_subjects_(config_.trace_subjects),
      leaving_(leaving),
      report_(lookup_, config_.routing, delivery_, arrivals_, clock_, config_.hostname) {}

/// The RCPT commands of one transaction.
class local_sink::check final : public smtp::recipient_check {
public:
    check(local_sink& sink, bool is_report)
        : routes_(sink.lookup_, sink.leaving_.paths, sink.config_, is_report) {}

    awaitable<recipient_verdict> ask(smtp::mailbox_address recipient,
                                     std::uint64_t announced_octets) override {
        try {
            auto name = co_await routes_.name_of(recipient);
            if (name.empty()) co_return recipient_verdict::no_such_user;
            auto finding = routes_.find(std::move(recipient), name, announced_octets);
            const auto found = co_await std::move(finding);
            if (!found.is_known) log_refusal(name, found.to);
            co_return found.to.verdict;
        } catch (const std::exception& fault) {
            log::error("fault proto=delivery what={}", log_safe(fault.what()));
        }
        co_return recipient_verdict::try_again;
    }

private:
    /// What the peer's answer does not tell: whose fault it is.
    static void log_refusal(const storage::mail_address& name, const route& to) {
        if (to.verdict == recipient_verdict::over_quota && to.full != name)
            log::warn("route rcpt={} reason=over_quota full={}", log_safe(name), log_safe(to.full));
        if (to.verdict == recipient_verdict::too_many_targets)
            log::warn("route rcpt={} reason=too_many_targets", log_safe(name));
    }

    recipient_routes routes_;
};

std::unique_ptr<smtp::recipient_check> local_sink::check_recipients(
    const smtp::mailbox_address& reverse_path) {
    return std::make_unique<check>(*this, reverse_path.is_null());
}

awaitable<std::unique_ptr<smtp::incoming_message>> local_sink::begin(
    std::shared_ptr<const smtp::envelope> envelope) {
    auto message = std::make_unique<incoming>(*this, std::move(envelope));
    co_await message->write_trace();
    co_return std::unique_ptr<smtp::incoming_message>(std::move(message));
}

}  // namespace hauspost::delivery
