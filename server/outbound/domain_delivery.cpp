#include "server/outbound/domain_delivery.hpp"

#include "protocols/smtp/path.hpp"
#include "server/delivery/routing.hpp"
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

/// "TLSv1.3 dane": with what the server has proven.
std::string protection_of(const net::tls_info& tls) {
    switch (tls.verified) {
    case net::authentication::none: break;
    case net::authentication::pkix: return tls.version + " pkix";
    case net::authentication::dane_ta:
    case net::authentication::dane_ee: return tls.version + " dane";
    }
    return tls.version;
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
                                 const storage::queue_claim& claim)
    : ports_(ports), settings_(settings), claim_(claim) {
    for (const auto& item : claim.items)
        for (const auto& row : item.recipients)
            recipients_.push_back({&item, &row, std::nullopt});
}

std::size_t domain_delivery::decided() const noexcept {
    const auto has_result = [](const auto& one) { return one.result.has_value(); };
    return static_cast<std::size_t>(std::ranges::count_if(recipients_, has_result));
}

bool domain_delivery::is_done() const noexcept {
    return is_stopping_ || decided() == recipients_.size();
}

void domain_delivery::stop() noexcept {
    is_stopping_ = true;
    if (stream_ != nullptr) stream_->close();
}

/// Before any server waits for us.
awaitable<void> domain_delivery::find_forms() {
    if (ports_.authors == nullptr) co_return;
    for (const auto& item : claim_.items) {
        if (is_stopping_) co_return;
        auto form = co_await ports_.authors->find_form(item);
        if (form.is == leaving_form::kind::later)
            for (auto& one : recipients_)
                if (one.item == &item) one.result = in_own_words(form.why);
        if (form.is == leaving_form::kind::rewritten) forms_.emplace(item.id, std::move(form));
    }
    was_reached_ = decided() == recipients_.size();
}

awaitable<std::vector<attempt_result>> domain_delivery::run() {
    co_await find_forms();
    mail_hosts where;
    where.verdict = hosts_verdict::found;
    if (!is_done()) where = co_await find_hosts();
    if (where.verdict != hosts_verdict::found) {
        note_failure_of_all(result_of(where));
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
    if (is_stopping_) {
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
    auto domain = settings_.relay ? settings_.relay->host : claim_.domain;
    if (!settings_.relay) co_return co_await ports_.hosts.find(std::move(domain));
    // Who is named as a smarthost is asked for its addresses alone, and may stand in our network.
    mail_hosts where;
    mail_host host;
    host.name = domain;
    error_code not_literal;
    const auto literal = boost::asio::ip::make_address(domain, not_literal);
    if (!not_literal) {
        host.addresses.push_back(literal);
    } else {
        auto found = co_await ports_.resolver.find_addresses(domain, settings_.hosts.families);
        host.addresses = std::move(found.records);
    }
    if (host.addresses.empty()) {
        where.why = "the smarthost " + domain + " has no address";
        co_return where;
    }
    where.verdict = hosts_verdict::found;
    where.hosts.push_back(std::move(host));
    co_return where;
}

awaitable<void> domain_delivery::try_host(const mail_hosts& where, const mail_host& host) {
    const auto usual = co_await protect(where, host);
    for (const auto need : {tls_need::usual, tls_need::proven, tls_need::none}) {
        if (!has_open(need)) continue;
        const auto how = adapted(usual, need, where, host);
        if (!how) continue;
        for (const auto& address : host.addresses) {
            if (is_done() || !has_open(need)) break;
            auto copy = *how;
            co_await try_address(host, address, std::move(copy));
        }
    }
}

/// How the host has to prove itself for messages of this need; nullopt: they cannot be given to it.
std::optional<domain_delivery::protection> domain_delivery::adapted(
    const std::optional<protection>& usual,
    tls_need need,
    const mail_hosts& where,
    const mail_host& host) {
    // A relay of ours is proven as the operator says, whatever a message wants less.
    if (need == tls_need::none && !settings_.relay) {
        protection opportunistic;
        opportunistic.name = host.name;
        opportunistic.serves = need;
        return opportunistic;
    }
    auto how = usual;
    if (!how) return how;
    how->serves = need;
    if (need != tls_need::proven) return how;
    how->use = smtp::tls_use::required;
    if (how->verify != net::verification::none) return how;
    // RFC 8689 4.2.1: that the host is the domain's has to be proven, too.
    if (!settings_.relay && !where.is_mx_secure) {
        auto failed = in_own_words("5.7.30 it is not proven that " + host.name +
                                   " takes the mail of the domain, and the message requires it");
        failed.verdict = attempt_verdict::failed;
        note_failure(need, std::move(failed));
        return std::nullopt;
    }
    how->verify = net::verification::pkix;
    return how;
}

/// nullopt: whether it has TLSA records cannot be known now, so it is not used. RFC 7672 2.1.1, 2.2
awaitable<std::optional<domain_delivery::protection>> domain_delivery::protect(
    const mail_hosts& where, const mail_host& host) {
    protection how;
    how.name = host.name;
    if (settings_.relay) {
        if (settings_.relay->must_be_proven) {
            how.verify = net::verification::pkix;
            how.use = smtp::tls_use::required;
        }
        co_return how;
    }
    if (!where.is_mx_secure || !host.are_addresses_secure) co_return how;
    auto question = "_" + std::to_string(settings_.port) + "._tcp." + host.name;
    const auto found = co_await ports_.resolver.find_tlsa(std::move(question));
    if (dns::is_temporary(found.what)) {
        note_failure_of_all(
            in_own_words("the TLSA records of " + host.name + " cannot be looked up"));
        co_return std::nullopt;
    }
    if (found.what != dns::outcome::found || !found.is_secure) co_return how;
    for (const auto& record : found.records)
        how.records.push_back({static_cast<std::uint8_t>(record.usage),
                               static_cast<std::uint8_t>(record.selector),
                               static_cast<std::uint8_t>(record.matching_type), record.data});
    how.verify = net::verification::dane;
    how.use = smtp::tls_use::required;
    how.other_names = {claim_.domain};
    co_return how;
}

awaitable<void> domain_delivery::try_address(const mail_host& host,
                                             boost::asio::ip::address address,
                                             protection how) {
    const auto server = host.name + " [" + address.to_string() + "]";
    const auto port =
        settings_.relay ? settings_.relay->port : static_cast<std::uint16_t>(settings_.port);
    const boost::asio::ip::tcp::endpoint to(address, port);
    for (int n = 0; n < max_connections && !is_done() && has_open(how.serves); ++n)
        if (co_await talk(server, to, how) == talk_end::over) co_return;
}

std::shared_ptr<const smtp::client_settings> domain_delivery::session_settings(
    const protection& how) const {
    auto made = std::make_shared<smtp::client_settings>();
    made->hostname = settings_.hostname;
    made->tls = how.use;
    made->timeouts = settings_.timeouts;
    if (settings_.relay) made->login = settings_.relay->login;
    return made;
}

awaitable<domain_delivery::talk_end> domain_delivery::talk(const std::string& server,
                                                           boost::asio::ip::tcp::endpoint to,
                                                           protection& how) {
    net::tls_client_settings wanted;
    wanted.host = how.name;
    wanted.other_names = how.other_names;
    wanted.verify = how.verify;
    wanted.tlsa = how.records;
    const net::tls_client tls(ports_.tls, std::move(wanted));
    auto connected = co_await ports_.servers.connect(to, tls);
    if (!connected) {
        auto failed = in_own_words("no connection: " + connected.error().message());
        failed.host = server;
        note_failure(how.serves, std::move(failed));
        co_return talk_end::over;
    }
    auto& stream = **connected;
    const used_stream used(stream_, stream);
    smtp::client_session session(stream, ports_.monotonic, session_settings(how));
    const auto refused = co_await session.begin();
    if (refused) {
        const bool can_do_without = refused->reason == smtp::send_reason::tls_failed &&
                                    how.use == smtp::tls_use::if_offered && !is_stopping_;
        if (!can_do_without) note_failure(how.serves, *refused, server);
        co_await session.quit();
        if (!can_do_without) co_return talk_end::over;
        how.use = smtp::tls_use::never;
        co_return talk_end::connect_again;
    }
    tls_ = protection_of(stream.tls());
    was_reached_ = true;
    const auto before = decided();
    co_await send_all(session, server, how.serves);
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
    bool is_any_decided = false, is_any_left = false;
    for (std::size_t n = 0; n < wanted.size(); ++n) {
        const auto& outcome = outcomes.at(n);
        const bool is_of_connection = outcome.verdict == smtp::send_verdict::temporary &&
                                      (outcome.reason == smtp::send_reason::lost ||
                                       outcome.reason == smtp::send_reason::timed_out ||
                                       outcome.reason == smtp::send_reason::not_smtp);
        if (is_of_connection) {
            note_failure(need_of(item), outcome, server);  // another host may do better
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

/// What is behind the last message is left to who hears of all results.
awaitable<void> domain_delivery::keep_delivered() {
    if (keeper_ == nullptr || unkept_.empty()) co_return;
    std::vector<delivered_recipient> delivered;
    for (const auto* one : unkept_)
        delivered.push_back({one->item, one->row, *one->result});
    unkept_.clear();
    co_await keeper_->keep(std::move(delivered));
}

void domain_delivery::note_failure(tls_need need,
                                   const smtp::send_outcome& outcome,
                                   const std::string& server) {
    auto failed = result_of(outcome);
    failed.host = server;
    failed.tls = tls_;
    // A password that is wrong, a name that is not liked: of us, and mended by the operator.
    if (!is_no_mail_host(outcome)) failed.verdict = attempt_verdict::again;
    if (need == tls_need::proven && outcome.reason == smtp::send_reason::no_tls) {
        failed.verdict = attempt_verdict::failed;  // RFC 8689 4.2.1, unless another host can
        failed.reply = "5.7.10 " + failed.reply;
    }
    note_failure(need, std::move(failed));
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
