#include "server/outbound/domain_delivery.hpp"

#include "protocols/smtp/path.hpp"
#include "server/delivery/routing.hpp"
#include "server/outbound/relay_host.hpp"
#include "server/outbound/stored_message.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::outbound {
namespace {

constexpr int max_connections = 20;  // to one address, when a server wants many

smtp::cmd::mail mail_of(const storage::queue_item& item) {
    smtp::cmd::mail mail;
    // Text, unlike the recipients, or "".
    mail.reverse_path = smtp::parse_mailbox(item.reverse_path).value_or(smtp::mailbox_address());
    mail.params.size = item.octets;
    mail.params.body = item.is_8bit ? smtp::body_type::eight_bit : smtp::body_type::seven_bit;
    mail.params.smtputf8 = item.smtputf8;
    mail.params.require_tls = item.requires_tls;
    mail.params.ret = item.ret;
    mail.params.envelope_id = item.envelope_id;
    return mail;
}

smtp::cmd::rcpt rcpt_of(const storage::queue_recipient& row) {
    smtp::cmd::rcpt rcpt;
    rcpt.forward_path = delivery::path_of(row.to);
    rcpt.params.notify = row.notify;
    rcpt.params.original = row.original;
    return rcpt;
}

/// A host that says so takes mail from nobody. RFC 7504; 5321 4.2.4.2
bool is_no_mail_host(const smtp::send_outcome& outcome) {
    return outcome.step == smtp::client_step::greeting &&
           (outcome.reply.code == 521 || outcome.reply.code == 554);
}

attempt_result in_own_words(std::string words) {
    attempt_result made;
    made.reply = std::move(words);
    return made;
}

/// What demands TLS, behind the reason why there is none.
std::string_view demand_of(host_protection::source by) {
    switch (by) {
    case host_protection::source::dane: return ", which its TLSA records demand";
    case host_protection::source::sts_enforce: return ", which the domain's MTA-STS policy demands";
    case host_protection::source::nobody:
    case host_protection::source::operator_:
    case host_protection::source::sts_testing: break;
    }
    return "";
}

/// Of a stream that is destroyed with its block.
class used_stream {
public:
    used_stream(net::stream*& slot, net::stream& stream) : slot_(slot) { slot_ = &stream; }
    ~used_stream() { slot_ = nullptr; }
    used_stream(const used_stream&) = delete;
    used_stream& operator=(const used_stream&) = delete;

private:
    net::stream*& slot_;
};

}  // namespace

domain_delivery::domain_delivery(const delivery_ports& ports,
                                 const delivery_settings& settings,
                                 const storage::queue_claim& claim,
                                 const smarthost* relay)
    : ports_(ports), settings_(settings), claim_(claim), relay_(relay) {
    for (const auto& item : claim.items)
        for (const auto& row : item.recipients)
            recipients_.push_back({&item, &row, std::nullopt});
}

std::size_t domain_delivery::decided() const noexcept {
    const auto has_result = [](const auto& one) { return one.result.has_value(); };
    return static_cast<std::size_t>(std::ranges::count_if(recipients_, has_result));
}

bool domain_delivery::is_done() const noexcept {
    return is_ending_ || decided() == recipients_.size();
}

void domain_delivery::request_stop() {
    is_ending_ = true;
    if (ports_.policies != nullptr) ports_.policies->stop();
    waits_.break_off();
}

void domain_delivery::stop() {
    request_stop();
    is_stopping_ = true;
    if (stream_ != nullptr) stream_->close();
}

/// With another author in From where that is needed, with a set of ARC where that is wanted.
awaitable<leaving_form> domain_delivery::form_of(const storage::queue_item& item) {
    leaving_form form;
    if (ports_.authors != nullptr) form = co_await ports_.authors->find_form(item);
    if (ports_.sealer != nullptr && form.is != leaving_form::kind::later)
        co_await ports_.sealer->seal(item, form);
    co_return form;
}

/// Before any server waits for us.
awaitable<void> domain_delivery::find_forms() {
    for (const auto& item : claim_.items) {
        auto finding = form_of(item);
        auto form = co_await waits_.run(std::move(finding));
        if (!form) co_return;
        if (form->is == leaving_form::kind::later)
            for (auto& one : recipients_)
                if (one.item == &item) one.result = in_own_words(form->why);
        if (form->is == leaving_form::kind::rewritten) forms_.emplace(item.id, std::move(*form));
    }
    was_reached_ = decided() == recipients_.size();
}

awaitable<std::vector<attempt_result>> domain_delivery::run() {
    co_await find_forms();
    mail_hosts where;
    where.verdict = hosts_verdict::found;
    if (!is_done()) {
        auto finding = find_hosts();
        auto found = co_await waits_.run(std::move(finding));
        if (found) where = std::move(*found);
    }
    if (where.verdict != hosts_verdict::found) {
        note_failure_of_all(result_of(where));
    } else if (has_open(tls_need::usual) || has_open(tls_need::proven)) {
        co_await find_policy();
    }
    for (const auto& host : where.hosts) {
        if (is_done()) break;
        co_await try_host(where, host);
    }
    std::vector<attempt_result> results;
    for (auto& one : recipients_)
        results.push_back(one.result ? std::move(*one.result) : without_host(need_of(*one.item)));
    co_return results;
}

/// Of a recipient that no server was asked about.
attempt_result domain_delivery::without_host(tls_need need) {
    if (is_ending_) {
        attempt_result untried;
        untried.verdict = attempt_verdict::untried;
        return untried;
    }
    const auto& noted = failures_of(need);
    auto result = noted.last.value_or(in_own_words("no host could be tried"));
    if (noted.may_come_again) result.verdict = attempt_verdict::again;
    return result;
}

/// RFC 8689 5: a report is not lost for want of it.
domain_delivery::tls_need domain_delivery::need_of(const storage::queue_item& item) noexcept {
    if (item.requires_tls && !item.reverse_path.empty()) return tls_need::proven;
    return item.tls_optional ? tls_need::none : tls_need::usual;
}

bool domain_delivery::has_open(tls_need need) const noexcept {
    return std::ranges::any_of(
        recipients_, [need](const auto& one) { return !one.result && need_of(*one.item) == need; });
}

awaitable<mail_hosts> domain_delivery::find_hosts() {
    if (relay_ != nullptr)
        co_return co_await find_relay(ports_.resolver, *relay_, settings_.hosts.families);
    auto domain = claim_.domain;
    co_return co_await ports_.hosts.find(std::move(domain));
}

/// What MTA-STS says of the domain.
awaitable<void> domain_delivery::find_policy() {
    if (ports_.policies == nullptr || relay_ != nullptr) co_return;
    auto domain = claim_.domain;
    auto finding = ports_.policies->find(std::move(domain));
    auto found = co_await waits_.run(std::move(finding));
    if (!found) co_return;
    sts_ = std::move(found->in_force);
    if (found->failure.empty()) co_return;
    storage::tls_result one;
    one.domain = claim_.domain;
    one.policy_type = "sts";
    one.failure = std::move(found->failure);
    counts_.add(std::move(one));
}

awaitable<void> domain_delivery::try_host(const mail_hosts& where, const mail_host& host) {
    const auto usual = co_await protect(where, host);
    for (const auto need : {tls_need::usual, tls_need::proven, tls_need::none}) {
        if (!has_open(need)) continue;
        const auto by = adapted(usual, need, where, host);
        if (!by) continue;
        for (const auto& address : host.addresses) {
            if (is_done() || !has_open(need)) break;
            auto copy = *by;
            co_await try_address(host, address, std::move(copy));
        }
    }
}

/// How the host has to prove itself for messages of this need; nullopt: they cannot be given to it.
std::optional<domain_delivery::way> domain_delivery::adapted(
    const std::optional<host_protection>& usual,
    tls_need need,
    const mail_hosts& where,
    const mail_host& host) {
    // A relay of ours is proven as the operator says, whatever a message wants less.
    if (need == tls_need::none) return way{operators_protection(relay_, host), need};
    if (!usual) return std::nullopt;
    way by{*usual, need};
    if (need != tls_need::proven) return by;
    by.how.use = smtp::tls_use::required;
    if (by.how.verify != net::verification::none) return by;
    // RFC 8689 4.2.1: that the host is the domain's has to be proven, too.
    if (relay_ == nullptr && !where.is_mx_secure) {
        auto failed = in_own_words("5.7.30 it is not proven that " + host.name +
                                   " takes the mail of the domain, and the message requires it");
        failed.verdict = attempt_verdict::failed;
        note_failure(need, std::move(failed));
        return std::nullopt;
    }
    by.how.verify = net::verification::pkix;
    return by;
}

/// nullopt: the host may not be used now.
awaitable<std::optional<host_protection>> domain_delivery::protect(const mail_hosts& where,
                                                                   const mail_host& host) {
    if (relay_ != nullptr) co_return operators_protection(relay_, host);
    const protection_ports ports{ports_.resolver, ports_.tls, settings_.port};
    auto domain = claim_.domain;
    auto choosing =
        choose_protection(ports, std::move(domain), where, host, sts_ ? &*sts_ : nullptr);
    auto choice = co_await waits_.run(std::move(choosing));
    if (!choice) co_return std::nullopt;
    auto& chosen = *choice;
    if (!chosen.failure.empty()) counts_.add_failure(chosen.how, chosen.failure, "");
    if (chosen.refused.empty()) co_return std::move(chosen.how);
    for (const auto need : {tls_need::usual, tls_need::proven})
        note_failure(need, in_own_words(chosen.refused));
    co_return std::nullopt;
}

awaitable<void> domain_delivery::try_address(const mail_host& host,
                                             boost::asio::ip::address address,
                                             way by) {
    const auto server = host.name + " [" + address.to_string() + "]";
    const auto port = relay_ != nullptr ? relay_->port : static_cast<std::uint16_t>(settings_.port);
    const boost::asio::ip::tcp::endpoint to(address, port);
    for (int n = 0; n < max_connections && !is_done() && has_open(by.serves); ++n)
        if (co_await talk(server, to, by) == talk_end::over) co_return;
}

std::shared_ptr<const smtp::client_settings> domain_delivery::session_settings(
    const host_protection& how) const {
    auto made = std::make_shared<smtp::client_settings>();
    made->hostname = settings_.hostname;
    made->tls = how.use;
    made->timeouts = settings_.timeouts;
    if (relay_ != nullptr) made->login = relay_->login;
    return made;
}

/// With mail that may be read by anybody a connection is better than none: without proof first, then
/// in the clear.
std::optional<host_protection> domain_delivery::weaker(const way& by,
                                                       const smtp::send_outcome& refused) const {
    const auto& how = by.how;
    if (refused.reason != smtp::send_reason::tls_failed || is_ending_ ||
        by.serves == tls_need::proven)
        return std::nullopt;
    const bool is_only_tested =
        how.by == host_protection::source::sts_testing && how.verify != net::verification::none;
    if (how.use != smtp::tls_use::if_offered && !is_only_tested) return std::nullopt;
    auto next = how;
    if (how.verify == net::verification::none) next.use = smtp::tls_use::never;
    next.verify = net::verification::none;
    return next;
}

/// Whether a session began as the policy wants it. One that is tried again with less was counted.
void domain_delivery::count_start(const host_protection& how,
                                  const std::string& address,
                                  const std::optional<smtp::send_outcome>& refused,
                                  bool is_encrypted) {
    if (how.counted.policy_type.empty()) return;  // nobody wants to hear of it
    const bool is_first =
        how.use != smtp::tls_use::never &&
        (how.by != host_protection::source::sts_testing || how.verify != net::verification::none);
    if (!is_first) return;
    if (!refused && is_encrypted) return counts_.add_success(how);
    std::string failure = "starttls-not-supported";
    if (refused) {
        if (refused->reason == smtp::send_reason::tls_failed)
            failure = net::tls_report_type(refused->error);
        else if (refused->reason != smtp::send_reason::no_tls)
            return;  // it did not come to TLS
    }
    counts_.add_failure(how, std::move(failure), address);
}

awaitable<domain_delivery::talk_end> domain_delivery::talk(const std::string& server,
                                                           boost::asio::ip::tcp::endpoint to,
                                                           way& by) {
    const net::tls_client tls(ports_.tls, by.how.tls_settings());
    auto connecting = ports_.servers.connect(to, tls);
    auto attempt = co_await waits_.run(std::move(connecting));
    if (!attempt) co_return talk_end::over;
    auto& connected = *attempt;
    if (!connected) {
        auto failed = in_own_words("no connection: " + connected.error().message());
        failed.host = server;
        note_failure(by.serves, std::move(failed));
        co_return talk_end::over;
    }
    auto& stream = **connected;
    const used_stream used(stream_, stream);
    smtp::client_session session(stream, ports_.monotonic, session_settings(by.how));
    const auto refused = co_await session.begin();
    count_start(by.how, to.address().to_string(), refused, stream.is_encrypted());
    if (refused) {
        auto next = weaker(by, *refused);
        if (!next) note_failure(by, *refused, server);
        co_await session.quit();
        if (!next) co_return talk_end::over;
        by.how = std::move(*next);
        co_return talk_end::connect_again;
    }
    tls_ = protection_text(stream.tls(), by.how);
    was_reached_ = true;
    note_heard();
    const auto before = decided();
    co_await send_all(session, server, by.serves);
    co_await session.quit();
    tls_.clear();
    // Only a server that got on with it is asked for another connection.
    co_return decided() > before ? talk_end::connect_again : talk_end::over;
}

awaitable<void> domain_delivery::send_all(smtp::client_session& session,
                                          const std::string& server,
                                          tls_need need) {
    for (const auto& item : claim_.items) {
        if (need_of(item) != need) continue;
        bool goes_on = true;
        while (goes_on && session.is_usable() && !is_stopping_)
            goes_on = co_await send(session, item, server);
    }
}

/// One transaction. False: nothing of the message is left, or this connection gets no further.
awaitable<bool> domain_delivery::send(smtp::client_session& session,
                                      const storage::queue_item& item,
                                      const std::string& server) {
    co_await keep_delivered();
    std::vector<recipient*> wanted;
    smtp::outgoing_message message;
    message.mail = mail_of(item);
    for (auto& one : recipients_) {
        if (one.item != &item || one.result) continue;
        wanted.push_back(&one);
        message.recipients.push_back(rcpt_of(*one.row));
    }
    if (wanted.empty()) co_return false;
    const auto form = forms_.find(item.id);
    const bool is_rewritten = form != forms_.end();
    const auto skip = is_rewritten ? form->second.skip : 0;
    const auto& front = is_rewritten ? form->second.front : item.prefix;
    if (is_rewritten)  // RFC 1870 6.1: an estimate, not below
        message.mail.params.size = item.octets - std::min(item.octets, skip) + front.size();
    stored_message octets(ports_.blobs, item.blob, front, skip);
    const auto outcomes = co_await session.send(message, octets);
    note_heard();
    bool is_any_decided = false, is_any_left = false;
    for (std::size_t n = 0; n < wanted.size(); ++n) {
        const auto& outcome = outcomes.at(n);
        const bool is_of_connection = outcome.verdict == smtp::send_verdict::temporary &&
                                      (outcome.reason == smtp::send_reason::lost ||
                                       outcome.reason == smtp::send_reason::timed_out ||
                                       outcome.reason == smtp::send_reason::not_smtp);
        if (is_of_connection) {
            note_failure({{}, need_of(item)}, outcome, server);  // another host may do better
            is_any_left = true;
        } else if (outcome.reason == smtp::send_reason::needs_requiretls) {
            auto lacks = result_of(outcome);  // RFC 8689 4.2.1: so may another
            lacks.host = server;
            lacks.tls = tls_;
            note_failure(tls_need::proven, std::move(lacks));
            is_any_left = true;
        } else if (outcome.verdict == smtp::send_verdict::postponed) {
            is_any_left = true;
        } else {
            auto result = result_of(outcome);
            result.server_reports = session.offered().dsn;
            decide(*wanted[n], std::move(result), server);
            is_any_decided = true;
        }
    }
    co_return is_any_left&& is_any_decided;
}

void domain_delivery::decide(recipient& one, attempt_result result, const std::string& server) {
    result.host = server;
    result.tls = tls_;
    one.result = std::move(result);
    if (one.result->verdict == attempt_verdict::delivered) unkept_.push_back(&one);
}

void domain_delivery::note_heard() noexcept {
    if (keeper_ != nullptr) keeper_->on_heard();
}

/// What is behind the last message is left to who hears of all results.
awaitable<void> domain_delivery::keep_delivered() {
    if (keeper_ == nullptr || unkept_.empty()) co_return;
    std::vector<delivered_recipient> delivered;
    for (const auto* one : unkept_)
        delivered.push_back({one->item, one->row, *one->result});
    unkept_.clear();
    co_await keeper_->keep(std::move(delivered));
}

void domain_delivery::note_failure(const way& by,
                                   const smtp::send_outcome& outcome,
                                   const std::string& server) {
    auto failed = result_of(outcome);
    if (outcome.reason == smtp::send_reason::tls_failed ||
        outcome.reason == smtp::send_reason::no_tls)
        failed.reply += demand_of(by.how.by);
    failed.host = server;
    failed.tls = tls_;
    // A password that is wrong, a name that is not liked: of us, and mended by the operator.
    if (!is_no_mail_host(outcome)) failed.verdict = attempt_verdict::again;
    if (by.serves == tls_need::proven && outcome.reason == smtp::send_reason::no_tls) {
        failed.verdict = attempt_verdict::failed;  // RFC 8689 4.2.1, unless another host can
        failed.reply = "5.7.10 " + failed.reply;
    }
    note_failure(by.serves, std::move(failed));
}

void domain_delivery::note_failure(tls_need need, attempt_result result) {
    auto& noted = failures_of(need);
    if (result.verdict != attempt_verdict::failed) noted.may_come_again = true;
    noted.last = std::move(result);
}

void domain_delivery::note_failure_of_all(const attempt_result& result) {
    for (const auto need : {tls_need::usual, tls_need::proven, tls_need::none})
        note_failure(need, result);
}

}  // namespace hauspost::outbound
