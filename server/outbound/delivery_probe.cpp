#include "server/outbound/delivery_probe.hpp"

#include "base/address.hpp"
#include "protocols/smtp/path.hpp"
#include "server/outbound/relay_host.hpp"
#include "server/outbound/reply_meaning.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::outbound {
namespace {

using enum probe_step::verdict;

/// Who tests sits and waits.
constexpr std::chrono::seconds patience{30};

smtp::client_timeouts short_timeouts() {
    smtp::client_timeouts made;
    made.greeting = made.hello = made.handshake = made.mail = made.rcpt = patience;
    made.beginning = 3 * patience;
    return made;
}

std::string advice_for(hosts_verdict verdict) {
    switch (verdict) {
    case hosts_verdict::found: return "";
    case hosts_verdict::no_such_domain:
        return "Look at the address for a mistyped letter: the part behind the @ is not a domain.";
    case hosts_verdict::takes_no_mail:
        return "Ask the recipient for another address: the domain says that it has no mailboxes.";
    case hosts_verdict::no_usable_host:
        return "Tell whoever runs the domain that its MX records lead to no address.";
    case hosts_verdict::loops_back:
        return "Add the domain to this server if it is yours; else its MX records are wrong.";
    case hosts_verdict::lookup_failed:
        return "See whether the DNS server of delivery.resolver answers; otherwise wait: the "
               "domain's name servers may be away.";
    }
    return "";
}

/// What a reply means, as senders are told it.
std::string advice_for(const smtp::send_outcome& refused) {
    using smtp::send_reason;
    if (refused.reply.code != 0) {
        const auto text = refused.reply.text();
        const remote_words words{refused.reply.code, refused.reply.enhanced, text};
        return std::string(what_to_do(meaning_of(words), language::english));
    }
    if (refused.reason == send_reason::no_tls || refused.reason == send_reason::tls_failed)
        return "Mail waits until the server's TLS is right again; tell whoever runs it.";
    if (refused.reason == send_reason::timed_out)
        return "The server is slow or overloaded: mail is tried again later.";
    return "Mail is tried again later; tell whoever runs the server if it stays so.";
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

std::string offers_of(const smtp::capabilities& offered) {
    std::vector<std::string> words;
    const auto add = [&words](bool is_there, const char* word) {
        if (is_there) words.emplace_back(word);
    };
    add(offered.pipelining, "PIPELINING");
    add(offered.chunking, "CHUNKING");
    add(offered.eight_bit_mime, "8BITMIME");
    add(offered.smtputf8, "SMTPUTF8");
    add(offered.dsn, "DSN");
    add(offered.require_tls, "REQUIRETLS");
    if (offered.max_message_octets != 0)
        words.push_back("SIZE " + std::to_string(offered.max_message_octets));
    return words.empty() ? "nothing" : joined(words);
}

std::string words_of(const host_protection& how) {
    switch (how.by) {
    case host_protection::source::dane:
        return how.name + " has TLSA records: TLS is required, with the key that they name (DANE)";
    case host_protection::source::sts_enforce:
        return "TLS is required, with a trusted certificate for " + how.name + " (MTA-STS)";
    case host_protection::source::sts_testing:
        return "TLS with a trusted certificate for " + how.name +
               " is wanted, and done without while the policy is tested (MTA-STS)";
    case host_protection::source::operator_:
        return how.verify == net::verification::none
                   ? "delivery.relay_verify is off: TLS is used where it is offered"
                   : "TLS is required, with a trusted certificate for " + how.name;
    case host_protection::source::nobody: break;
    }
    return "neither DANE nor MTA-STS: TLS is used where it is offered, and not verified";
}

}  // namespace

delivery_probe::delivery_probe(const delivery_ports& ports, const delivery_settings& settings)
    : ports_(ports), settings_(settings) {}

void delivery_probe::stop() {
    is_stopping_ = true;
    waits_.break_off();
    if (stream_ != nullptr) stream_->close();
}

void delivery_probe::add(std::string what,
                         probe_step::verdict how,
                         std::string words,
                         std::string advice) {
    probe_step step;
    step.what = std::move(what);
    step.how = how;
    step.words = std::move(words);
    step.advice = std::move(advice);
    steps_.push_back(std::move(step));
}

awaitable<std::vector<probe_step>> delivery_probe::run(smtp::mailbox_address to,
                                                       std::string sender) {
    to_ = std::move(to);
    sender_ = sender.empty() ? "postmaster@" + settings_.hostname : std::move(sender);
    relay_ = settings_.relay_of(sender_);
    auto finding = find_hosts(to_.domain);
    const auto found = co_await waits_.run(std::move(finding));
    if (!found) co_return std::move(steps_);
    const auto& where = *found;
    tell_hosts(where);
    if (where.verdict == hosts_verdict::found) {
        if (relay_ == nullptr) {
            auto domain = to_.domain;
            co_await find_policy(std::move(domain));
        }
        bool is_answered = false;
        for (const auto& host : where.hosts) {
            if (is_answered || is_stopping_) break;
            is_answered = co_await try_host(where, host);
        }
    }
    co_return std::move(steps_);
}

awaitable<mail_hosts> delivery_probe::find_hosts(const std::string& domain) {
    // Told only where it makes a difference.
    const auto whose = settings_.relays_of.empty()
                           ? std::string()
                           : " from " + address::shown(std::string(address::domain_of(sender_)));
    if (relay_ == nullptr) {
        add("route", good,
            "mail" + whose + " for " + domain + " goes to the servers that the DNS names");
        auto name = domain;
        co_return co_await ports_.hosts.find(std::move(name));
    }
    const bool is_usual = settings_.relay && relay_ == &*settings_.relay;
    add("route", good,
        "all mail" + whose + " for others goes to the server of " +
            (is_usual ? "delivery.relay" : "delivery.relay_of") + ", " + relay_->host);
    co_return co_await find_relay(ports_.resolver, *relay_, settings_.hosts.families);
}

void delivery_probe::tell_hosts(const mail_hosts& where) {
    if (where.verdict != hosts_verdict::found) {
        add("hosts", bad, where.why, advice_for(where.verdict));
        return;
    }
    std::vector<std::string> words;
    for (const auto& host : where.hosts) {
        std::vector<std::string> addresses;
        for (const auto& one : host.addresses)
            addresses.push_back(one.to_string());
        words.push_back(host.name + " [" + joined(addresses) + ']');
    }
    add("hosts", good,
        joined(words) + (where.is_mx_secure ? "; the MX records are proven by DNSSEC" : ""));
}

awaitable<void> delivery_probe::find_policy(std::string domain) {
    if (ports_.policies == nullptr) {
        add("policy", note, "MTA-STS is switched off (delivery.mta_sts)");
        co_return;
    }
    auto finding = ports_.policies->find(std::move(domain));
    auto known = co_await waits_.run(std::move(finding));
    if (!known) co_return;
    auto& found = *known;
    sts_ = std::move(found.in_force);
    if (!found.failure.empty())
        add("policy", note, "the MTA-STS policy cannot be fetched: " + found.why,
            sts_ ? "The one that was fetched before stays in force."
                 : "Mail goes as if there were none; tell whoever runs the domain.");
    if (sts_)
        add("policy", good, "MTA-STS: " + joined(mta_sts::to_lines(*sts_)));
    else if (found.failure.empty())
        add("policy", good, "the domain has no MTA-STS policy");
}

/// True: the host has answered to RCPT.
awaitable<bool> delivery_probe::try_host(const mail_hosts& where, const mail_host& host) {
    auto how = operators_protection(relay_, host);
    if (relay_ == nullptr) {
        const protection_ports ports{ports_.resolver, ports_.tls, settings_.port};
        auto domain = to_.domain;
        auto choosing =
            choose_protection(ports, std::move(domain), where, host, sts_ ? &*sts_ : nullptr);
        auto choice = co_await waits_.run(std::move(choosing));
        if (!choice) co_return false;
        auto& chosen = *choice;
        if (!chosen.refused.empty()) {
            add("protection", bad, chosen.refused,
                "Nothing is sent to this host; tell whoever runs the domain if it stays so.");
            co_return false;
        }
        how = std::move(chosen.how);
    }
    add("protection", good, words_of(how));
    for (const auto& address : host.addresses) {
        if (is_stopping_) co_return true;
        auto copy = how;
        if (co_await try_address(host, address, std::move(copy))) co_return true;
    }
    co_return false;
}

awaitable<bool> delivery_probe::try_address(const mail_host& host,
                                            boost::asio::ip::address address,
                                            host_protection how) {
    const auto port = relay_ != nullptr ? relay_->port : static_cast<std::uint16_t>(settings_.port);
    const boost::asio::ip::tcp::endpoint to(address, port);
    const auto name = host.name + " [" + address.to_string() + "] port " + std::to_string(port);
    const net::tls_client tls(ports_.tls, how.tls_settings());
    auto connecting = ports_.servers.connect(to, tls);
    auto attempt = co_await waits_.run(std::move(connecting));
    if (!attempt) co_return false;
    auto& connected = *attempt;
    if (!connected) {
        add("connection", bad, name + ": " + connected.error().message(),
            "If no server can be reached, ask your provider whether port " + std::to_string(port) +
                " is open to the outside, or use delivery.relay.");
        co_return false;
    }
    add("connection", good, name);
    auto& stream = **connected;
    stream_ = &stream;
    const bool is_answered = co_await talk(stream, name, how);
    stream_ = nullptr;
    co_return is_answered;
}

awaitable<bool> delivery_probe::talk(net::stream& server,
                                     const std::string& name,
                                     const host_protection& how) {
    auto wanted = std::make_shared<smtp::client_settings>();
    wanted->hostname = settings_.hostname;
    wanted->tls = how.use;
    wanted->timeouts = short_timeouts();
    if (relay_ != nullptr) wanted->login = relay_->login;
    smtp::client_session session(server, ports_.monotonic, std::move(wanted));
    const auto refused = co_await session.begin();
    if (refused) {
        tell_refusal(std::string(smtp::to_text(refused->step)), *refused);
        co_await session.quit();
        co_return false;
    }
    tell_tls(server.tls(), how);
    add("hello", good, name + " offers " + offers_of(session.offered()));
    co_await say_envelope(session);
    co_await session.quit();
    co_return true;
}

void delivery_probe::tell_tls(const net::tls_info& tls, const host_protection& how) {
    if (tls.version.empty()) {
        add("tls", note, "the server offers no TLS: mail to it can be read on its way");
        return;
    }
    const bool is_verified = tls.verified != net::authentication::none;
    add("tls", good,
        protection_text(tls, how) + ", " + tls.cipher +
            (is_verified ? "; the server has proven who it is"
                         : "; whose certificate it is was not verified"));
}

void delivery_probe::tell_refusal(const std::string& what, const smtp::send_outcome& refused) {
    add(what, bad, result_of(refused).reply, advice_for(refused));
}

awaitable<void> delivery_probe::say_envelope(smtp::client_session& session) {
    smtp::cmd::mail mail;
    mail.reverse_path = smtp::parse_mailbox(sender_).value_or(smtp::mailbox_address());
    smtp::cmd::rcpt rcpt;
    rcpt.forward_path = to_;
    const auto said = "MAIL FROM:<" + smtp::to_text(mail.reverse_path) + ">";
    const auto heard = co_await session.try_recipient(mail, rcpt);
    if (heard.step == smtp::client_step::mail) {
        tell_refusal("sender", heard);
        co_return;
    }
    add("sender", good, said + " is accepted");
    if (heard.verdict == smtp::send_verdict::delivered)
        add("recipient", good, "the server takes mail for this address: " + heard.reply.to_line());
    else
        tell_refusal("recipient", heard);
}

}  // namespace hauspost::outbound
