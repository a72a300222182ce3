#include "server/delivery/local_sink.hpp"

#include "base/address.hpp"
#include "base/log.hpp"
#include "protocols/message/author.hpp"
#include "protocols/message/summary.hpp"
#include "protocols/smtp/esmtp_params.hpp"
#include "protocols/smtp/path.hpp"
#include "server/delivery/delivery_history.hpp"
#include "server/delivery/domain_above.hpp"
#include "server/delivery/message_trace.hpp"
#include "server/delivery/trace_headers.hpp"
#include "storage/errc.hpp"

#include <chrono>
#include <exception>
#include <unordered_set>
#include <utility>

namespace hauspost::delivery {
namespace {

using smtp::delivery_verdict;
using smtp::recipient_verdict;

constexpr int max_deliveries_in_part = 3;
// To so many at once nobody writes a letter.
constexpr std::size_t bulk_recipients = 50;

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
          message_(sink.arrivals_, envelope_->announced_octets),
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
    awaitable<error_code> deliver(storage::delivery_request request);
    awaitable<error_code> store_all(storage::delivery_request request);
    awaitable<delivery_verdict> add_targets(const trace& trace);
    void add_local(const storage::account& account, const storage::mail_address& name);
    [[nodiscard]] storage::queue_item new_item(std::string prefix) const;
    static void add_to(storage::queue_item& item,
                       const smtp::envelope_recipient& recipient,
                       const storage::mail_address& target,
                       const storage::mail_address& by = {});
    awaitable<error_code> add_forwarded(const smtp::envelope_recipient& recipient,
                                        const storage::mail_address& name,
                                        const route& way);
    void add_relayed(const smtp::envelope_recipient& recipient, const storage::mail_address& name);
    void hold_back(const smtp::envelope_recipient& recipient, const storage::mail_address& name);
    void note_success(const smtp::envelope_recipient& recipient, const storage::mail_address& name);
    awaitable<std::shared_ptr<const domain_signature>> find_signature() const;
    awaitable<delivery_verdict> sign();

    local_sink& sink_;
    const std::shared_ptr<const smtp::envelope> envelope_;
    const storage::trace_id trace_id_;
    const std::string id_;
    ingest::arriving_message message_;
    const std::int64_t arrived_at_;
    std::size_t own_octets_ = 0;  // of the field that we wrote in front
    std::vector<storage::local_copy> local_;
    std::vector<storage::queue_item> remote_;     // of aliases and forwards, one each
    std::optional<storage::queue_item> relayed_;  // recipients of other domains
    std::optional<storage::queue_item> arrived_;  // recipients here, of which the sender is to hear
    std::string author_domain_;                   // when it is to be signed
    bool is_tls_optional_ = false;                // its header says so
    bool is_bulk_ = false;                        // who writes to few goes before it
    std::unordered_set<account_id> served_;
    std::unordered_set<storage::mail_address> sent_on_;
    delivery_history history_;
    std::string why_;  // of a refusal, where its verdict does not say it all
};

awaitable<delivery_verdict> local_sink::incoming::store() {
    trace trace;
    const auto read = [&](std::string_view octets) {
        const auto given = octets.substr(own_octets_);
        trace = read_trace(given);
        if (sink_.leaving_.signer != nullptr) author_domain_ = message::author_domain(given);
    };
    auto summary = co_await message_.finish(read);
    if (!summary) co_return verdict_for(summary.error());
    const auto most = sink_.config_.max_received_fields;
    if (most != 0 && trace.received >= most) co_return delivery_verdict::loop;
    is_tls_optional_ = trace.tls_optional;
    is_bulk_ = trace.is_bulk || envelope_->recipients.size() >= bulk_recipients;
    auto verdict = co_await add_targets(trace);
    if (verdict == delivery_verdict::accepted) verdict = co_await sign();
    if (verdict != delivery_verdict::accepted) co_return verdict;
    if (arrived_) remote_.push_back(std::move(*arrived_));  // it does not leave: unsigned
    storage::delivery_request request;
    request.id = trace_id_;
    request.blob = message_.blob();
    request.summary = std::move(summary->octets);
    request.thread = summary->thread;
    request.internal_date.unix_seconds = arrived_at_;
    request.local = std::move(local_);
    request.remote = std::move(remote_);
    request.settles = envelope_->settles;
    if (envelope_->submitter.account) {
        request.copy_in_sent.emplace();
        request.copy_in_sent->account = envelope_->submitter.account;
        request.message_id = message::sort_fields_of(request.summary).message_id;
    }
    const taken_message taken{*envelope_, trace, trace_id_, message_.octets(),
                              sink_.config_.trace_subjects};
    request.trace = steps_of(taken, history_, request.remote);
    auto delivering = deliver(std::move(request));
    const auto ec = co_await std::move(delivering);
    if (ec) co_return verdict_for(ec);
    history_.log(id_);
    const auto lost = history_.lost();
    if (!lost.empty()) co_await sink_.report_.write(lost);
    co_return delivery_verdict::accepted;
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

awaitable<delivery_verdict> local_sink::incoming::add_targets(const trace& trace) {
    bool is_loop = false;
    message_routes routes(sink_.lookup_, sink_.config_.routing);
    for (const auto& recipient : envelope_->recipients) {
        const auto name = co_await sink_.name_of(recipient.address);
        // Without the size: one mailbox that turns out too small for this message would refuse it
        // for all recipients at every attempt. It takes one message more than it should.
        auto finding =
            sink_.find_way(routes, recipient.address, name, envelope_->reverse_path.is_null(), 0);
        auto found = co_await std::move(finding);
        const auto& way = found.to;
        if (way.verdict != recipient_verdict::accepted) co_return verdict_for(way.verdict);
        if (envelope_->release_at > arrived_at_) {
            hold_back(recipient, name);
            continue;
        }
        if (found.is_known) {
            history_.same_place(name, found.arrival);
            continue;
        }
        for (const auto& account : way.local)
            if (served_.insert(account.id).second) add_local(account, name);
        if (!way.local.empty()) note_success(recipient, name);
        const bool is_relayed = way.remote.size() == 1 && way.remote.front() == name;
        // It left here by this address and came back. Only what leads away again is cut: a copy in
        // a mailbox ends every loop, and a resent message carries old Delivered-To too.
        const bool came_back = !way.remote.empty() && !is_relayed && trace.was_delivered_to(name);
        if (is_relayed) {
            add_relayed(recipient, name);
        } else if (!came_back) {
            auto adding = add_forwarded(recipient, name, way);
            const auto failed = co_await std::move(adding);
            if (failed) co_return verdict_for(failed);
        }
        is_loop = is_loop || came_back;
        history_.add(name, std::move(found.arrival), std::move(found.to), came_back);
    }
    if (relayed_) remote_.push_back(std::move(*relayed_));
    if (!local_.empty() || !remote_.empty()) co_return delivery_verdict::accepted;
    co_return is_loop ? delivery_verdict::loop : delivery_verdict::try_again;
}

void local_sink::incoming::add_local(const storage::account& account,
                                     const storage::mail_address& name) {
    storage::local_copy copy;
    copy.account = account.id;
    copy.prefix = copy_prefix(envelope_->reverse_path, account.name, name, envelope_->smtputf8);
    local_.push_back(std::move(copy));
}

/// Without recipients.
storage::queue_item local_sink::incoming::new_item(std::string prefix) const {
    storage::queue_item item;
    item.sender = envelope_->submitter.account;
    item.reverse_path = address::with_a_labels(smtp::to_text(envelope_->reverse_path));
    item.envelope_id = envelope_->envelope_id;
    item.ret = envelope_->ret;
    item.smtputf8 = envelope_->smtputf8;
    item.is_8bit = envelope_->is_8bit;
    item.requires_tls = envelope_->requires_tls;
    item.tls_optional = is_tls_optional_ && !envelope_->requires_tls;  // RFC 8689 3
    item.lane = is_bulk_ ? storage::queue_lane::bulk : storage::queue_lane::people;
    item.release_at = envelope_->release_at;
    item.prefix = std::move(prefix);
    item.octets = item.prefix.size() + message_.octets();
    item.created_at = arrived_at_;
    return item;
}

void local_sink::incoming::add_to(storage::queue_item& item,
                                  const smtp::envelope_recipient& recipient,
                                  const storage::mail_address& target,
                                  const storage::mail_address& by) {
    storage::queue_recipient to;
    to.to = target;
    to.original = recipient.original;
    to.notify = recipient.notify;
    to.due_at = item.begins_at();
    to.forwarded_by = by;
    item.recipients.push_back(std::move(to));
}

/// To where an alias or forward leads, or back to who sent what was sent on.
/// Refuses  as reverse_paths::rewrite
awaitable<error_code> local_sink::incoming::add_forwarded(const smtp::envelope_recipient& recipient,
                                                          const storage::mail_address& name,
                                                          const route& way) {
    auto item = new_item(delivered_to_field(name, envelope_->smtputf8));
    for (std::size_t n = 0; n < way.remote.size(); ++n)
        if (sent_on_.insert(way.remote[n]).second)
            add_to(item, recipient, way.remote[n], way.remote_by.at(n));
    if (item.recipients.empty()) co_return error_code();  // all by an earlier one
    const bool is_rewriting = sink_.leaving_.paths != nullptr && sink_.config_.rewrite_forwards;
    if (is_rewriting && !envelope_->reverse_path.is_null()) {
        const auto path = co_await sink_.leaving_.paths->rewrite(envelope_->reverse_path, name);
        if (!path) co_return path.error();
        item.reverse_path = address::with_a_labels(smtp::to_text(*path));
    }
    remote_.push_back(std::move(item));
    co_return error_code();
}

/// To a recipient of another domain. Nothing is put in front: it has not been delivered to anybody
/// here, and none of them may learn of the others.
void local_sink::incoming::add_relayed(const smtp::envelope_recipient& recipient,
                                       const storage::mail_address& name) {
    if (!sent_on_.insert(name).second) return;
    if (!relayed_) relayed_ = new_item({});
    add_to(*relayed_, recipient, name, envelope_->sent_on_by);
}

/// RFC 4865: until its time it waits for all of its recipients, those here too. They are routed when
/// it has come.
void local_sink::incoming::hold_back(const smtp::envelope_recipient& recipient,
                                     const storage::mail_address& name) {
    add_relayed(recipient, name);
    route waiting;
    waiting.verdict = recipient_verdict::accepted;
    waiting.remote.push_back(name);
    history_.add(name, name, std::move(waiting), false);
}

/// The mail of the recipient lies in a mailbox with this commit: who asked for it is told by what is
/// in the same commit. RFC 3461 5.2.3
void local_sink::incoming::note_success(const smtp::envelope_recipient& recipient,
                                        const storage::mail_address& name) {
    if (envelope_->reverse_path.is_null() || !smtp::asks_for_notice(recipient.notify, "SUCCESS"))
        return;
    if (!arrived_) arrived_ = new_item({});
    add_to(*arrived_, recipient, name);
    auto& told = arrived_->recipients.back();
    told.state = storage::queue_state::owes_delivered;
    told.attempted_at = arrived_at_;
    told.last_reply = "2.1.5 it lies in the mailbox";
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
    if (remote_.empty() || author_domain_.empty() || !envelope_->sent_on_by.empty())
        co_return delivery_verdict::accepted;
    const auto how = co_await find_signature();
    if (!how) co_return delivery_verdict::accepted;
    auto work = [&how, octets = message_.blob()->view()] { return how->sign(octets); };
    const auto made = co_await sink_.arrivals_.workers.run(std::move(work));
    if (!made) co_return delivery_verdict::busy;
    if (made->text.empty())
        log::warn("sign id={} domain={} result=unsigned reason={}", id_, log_safe(author_domain_),
                  made->why_not);
    for (auto& item : remote_)
        item.prefix += made->text;
    co_return delivery_verdict::accepted;
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
      leaving_(leaving),
      report_(lookup_, config_.routing, delivery_, arrivals_, clock_, config_.hostname) {}

/// "RCPT TO:<postmaster>" must be taken, with or without a configured owner. RFC 5321 4.5.1.
awaitable<storage::mail_address> local_sink::name_of(smtp::mailbox_address recipient) {
    if (recipient.domain.empty()) recipient.domain = config_.default_domain;
    if (recipient.domain.empty()) recipient.domain = co_await lookup_.first_domain();
    co_return canonical_address(recipient);
}

/// Where a recipient's mail goes. A reverse-path of ours leads back, for reports alone: to any other
/// mail it is the address of nobody.
awaitable<message_routes::found> local_sink::find_way(message_routes& routes,
                                                      smtp::mailbox_address recipient,
                                                      storage::mail_address name,
                                                      bool is_report,
                                                      std::uint64_t octets) {
    way_back back;
    if (leaving_.paths != nullptr) back = co_await leaving_.paths->trace_back(std::move(recipient));
    if (back.is == way_back::kind::none) co_return co_await routes.find(std::move(name), octets);
    if (back.is == way_back::kind::open && is_report) {
        auto leading = lead_back(routes, std::move(back.sender), octets);
        co_return co_await std::move(leading);
    }
    message_routes::found nobody;
    nobody.to.verdict = recipient_verdict::no_such_user;
    co_return nobody;
}

/// The sender's domain may have become one of ours since.
awaitable<message_routes::found> local_sink::lead_back(message_routes& routes,
                                                       storage::mail_address sender,
                                                       std::uint64_t octets) {
    auto name = address::canonical(sender).value_or(sender);
    std::vector<storage::mail_address> names{name};
    const auto met = co_await lookup_.find_recipient(std::move(names));
    if (met.domain) co_return co_await routes.find(std::move(name), octets);
    message_routes::found elsewhere;
    elsewhere.arrival = std::move(name);
    elsewhere.to.verdict = recipient_verdict::accepted;
    elsewhere.to.remote.push_back(std::move(sender));
    elsewhere.to.remote_reasons.push_back({storage::trace_rule::way_back, {}});
    elsewhere.to.remote_by.emplace_back();
    co_return elsewhere;
}

/// The RCPT commands of one transaction.
class local_sink::check final : public smtp::recipient_check {
public:
    check(local_sink& sink, bool is_report)
        : sink_(sink), routes_(sink.lookup_, sink.config_.routing), is_report_(is_report) {}

    awaitable<recipient_verdict> ask(smtp::mailbox_address recipient,
                                     std::uint64_t announced_octets) override {
        try {
            auto name = co_await sink_.name_of(recipient);
            if (name.empty()) co_return recipient_verdict::no_such_user;
            auto finding =
                sink_.find_way(routes_, std::move(recipient), name, is_report_, announced_octets);
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

    local_sink& sink_;
    message_routes routes_;
    const bool is_report_;
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
