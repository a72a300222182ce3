#include "server/outbound/mail_hosts.hpp"

#include "base/address.hpp"
#include "protocols/dns/name.hpp"
#include "server/outbound/host_address.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace hauspost::outbound {
namespace {

mail_hosts& end(mail_hosts& search, hosts_verdict verdict, std::string why) {
    search.verdict = verdict;
    search.why = std::move(why);
    search.hosts.clear();
    return search;
}

/// An MX record of "." says that there is none, and may stand only alone (RFC 7505 3); beside
/// others it is nothing.
bool is_null_mx(const std::vector<dns::mx_record>& records) {
    return std::all_of(records.begin(), records.end(),
                       [](const dns::mx_record& one) { return one.exchange.empty(); });
}

}  // namespace

std::string_view enhanced_status(hosts_verdict verdict) noexcept {
    switch (verdict) {
    case hosts_verdict::found: return "";
    case hosts_verdict::no_such_domain: return "5.1.2";
    case hosts_verdict::takes_no_mail: return "5.1.10";
    case hosts_verdict::no_usable_host: return "5.4.4";
    case hosts_verdict::loops_back: return "5.4.6";
    case hosts_verdict::lookup_failed: return "4.4.3";
    }
    return "";
}

bool is_permanent(hosts_verdict verdict) noexcept {
    return enhanced_status(verdict).starts_with('5');
}

host_finder::host_finder(dns::resolver& resolver,
                         own_hosts own,
                         host_settings settings,
                         random_number random)
    : resolver_(resolver), own_(std::move(own)), settings_(settings), random_(std::move(random)) {}

awaitable<mail_hosts> host_finder::find(std::string domain) {
    if (domain.starts_with('[')) co_return of_literal(domain);
    mail_hosts search;
    const auto name = address::to_a_labels(domain);
    if (!name || !dns::to_host_name(*name))
        co_return end(search, hosts_verdict::no_such_domain, "not the name of a domain");
    auto wanted = *name;
    const auto mx = co_await resolver_.find_mx(std::move(wanted));
    search.is_mx_secure = mx.is_secure;
    search.canonical_domain = mx.canonical_name;
    candidates hosts;
    switch (mx.what) {
    case dns::outcome::no_such_name:
        co_return end(search, hosts_verdict::no_such_domain, "no such domain");
    case dns::outcome::failed:
    case dns::outcome::bogus:
        co_return end(search, hosts_verdict::lookup_failed, "MX " + *name + ": " + mx.why);
    case dns::outcome::found:
        if (is_null_mx(mx.records))
            co_return end(search, hosts_verdict::takes_no_mail, "the domain takes no mail");
        hosts = in_order(mx.records);
        break;
    case dns::outcome::no_data:
        // RFC 5321 5.1: the domain itself, as if it had an MX of preference 0.
        if (!own_.names.contains(*name)) hosts.push_back({0, *name});
        break;
    }
    co_await add_hosts(std::move(hosts), search);
    co_return search;
}

mail_hosts host_finder::of_literal(const std::string& text) const {
    mail_hosts search;
    const auto address = parse_address_literal(text);
    if (!address) return end(search, hosts_verdict::no_such_domain, "not the address of a host");
    if (own_.addresses.contains(*address))
        return end(search, hosts_verdict::loops_back, "the address is this server's own");
    mail_host host;
    host.name = text;
    host.addresses = usable({*address});
    if (host.addresses.empty())
        return end(search, hosts_verdict::no_usable_host, "no mail is sent to this address");
    search.verdict = hosts_verdict::found;
    search.hosts.push_back(std::move(host));
    return search;
}

/// Without ours and what is behind it; the first max_hosts of these.
host_finder::candidates host_finder::in_order(const std::vector<dns::mx_record>& records) const {
    candidates all;
    for (const auto& record : records)
        if (!record.exchange.empty()) all.push_back({record.preference, record.exchange});
    // RFC 5321 5.1: hosts of the same preference share the load.
    for (std::size_t left = all.size(); left > 1; --left)
        std::swap(all[left - 1], all[random_() % left]);
    const auto by_preference = [](const candidate& a, const candidate& b) {
        return a.preference < b.preference;
    };
    std::stable_sort(all.begin(), all.end(), by_preference);
    const auto ours = std::find_if(all.begin(), all.end(), [this](const candidate& one) {
        return own_.names.contains(one.name);
    });
    if (ours != all.end())
        all.erase(std::lower_bound(all.begin(), all.end(), *ours, by_preference), all.end());
    const auto kept = std::min(all.size(), std::max<std::size_t>(settings_.max_hosts, 1));
    all.resize(kept);
    return all;
}

awaitable<void> host_finder::add_hosts(candidates wanted, mail_hosts& into) {
    std::vector<std::string> names;
    for (const auto& one : wanted)
        names.push_back(one.name);
    std::vector<dns::address_answer> told;
    if (!names.empty())
        told = co_await resolver_.find_addresses(std::move(names), settings_.families);
    std::optional<std::uint16_t> own_preference;
    for (std::size_t i = 0; i < told.size() && !own_preference; ++i)
        if (is_own(told[i])) own_preference = wanted[i].preference;
    std::string failed;
    std::size_t left = 0;
    for (; left < told.size(); ++left) {
        auto& host = wanted[left];
        const auto& answer = told[left];
        if (own_preference && host.preference >= *own_preference) break;
        if (dns::is_temporary(answer.what) && failed.empty())
            failed = "address of " + host.name + ": " + answer.why;
        auto addresses = usable(answer.records);
        if (addresses.empty()) continue;
        into.hosts.push_back(
            {std::move(host.name), answer.canonical_name, std::move(addresses), answer.is_secure});
    }
    into.verdict = hosts_verdict::found;
    if (left == 0) {
        end(into, hosts_verdict::loops_back, "mail for the domain would come back to this server");
    } else if (into.hosts.empty() && !failed.empty()) {
        end(into, hosts_verdict::lookup_failed, std::move(failed));
    } else if (into.hosts.empty()) {
        end(into, hosts_verdict::no_usable_host, "no host of the domain has an address to send to");
    }
}

bool host_finder::is_own(const dns::address_answer& answer) const {
    return own_.names.contains(answer.canonical_name) ||
           std::any_of(answer.records.begin(), answer.records.end(), [this](const auto& address) {
               return own_.addresses.contains(in_plain_form(address));
           });
}

std::vector<boost::asio::ip::address> host_finder::usable(
    const std::vector<boost::asio::ip::address>& all) const {
    std::vector<boost::asio::ip::address> kept;
    for (const auto& address : all) {
        const auto plain = in_plain_form(address);
        const auto leads = reach_of(plain);
        if (leads == reach::outside || (leads == reach::inward && settings_.may_lead_inwards))
            kept.push_back(plain);
    }
    return in_turn(kept, std::max<std::size_t>(settings_.max_addresses_of_a_host, 1));
}

}  // namespace hauspost::outbound
