#include "server/outbound/host_protection.hpp"

#include "server/tls_policy/dane_records.hpp"

#include <utility>

namespace hauspost::outbound {
namespace {

using tls_policy::dane_records;

/// "3 1 1 0A1B...", as a zone file has it. RFC 8460 4.4, 6698 2.2
std::string to_line(const net::tlsa_record& record) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string line = std::to_string(record.usage) + ' ' + std::to_string(record.selector) + ' ' +
                       std::to_string(record.matching_type) + ' ';
    for (const char c : record.data) {
        line.push_back(digits[static_cast<unsigned char>(c) >> 4]);
        line.push_back(digits[static_cast<unsigned char>(c) & 15]);
    }
    return line;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines)
        text += (text.empty() ? "" : "\n") + line;
    return text;
}

void demand_dane(host_protection& how,
                 dane_records found,
                 const std::string& domain,
                 const mail_hosts& where) {
    how.by = host_protection::source::dane;
    how.name = std::move(found.base_domain);
    how.records = std::move(found.records);
    how.verify = net::verification::dane;
    how.use = smtp::tls_use::required;
    how.other_names = {domain};
    // The next-hop domain, also behind its CNAME, which is proven with its MX records (3.2.2).
    if (!where.canonical_domain.empty() && where.canonical_domain != domain)
        how.other_names.push_back(where.canonical_domain);
    std::vector<std::string> lines;
    for (const auto& record : how.records)
        lines.push_back(to_line(record));
    how.counted.policy_type = "tlsa";
    how.counted.policy_lines = joined(lines);
    how.counted.mx_hosts = how.name;
}

void demand_sts(protection_choice& made, const std::string& domain, const mta_sts::policy& policy) {
    auto& how = made.how;
    const bool is_enforced = policy.mode == mta_sts::policy_mode::enforce;
    how.by =
        is_enforced ? host_protection::source::sts_enforce : host_protection::source::sts_testing;
    how.counted.policy_type = "sts";
    how.counted.policy_lines = joined(mta_sts::to_lines(policy));
    how.counted.mx_hosts = joined(policy.mx);
    if (!mta_sts::matches(policy, how.name)) {
        made.failure = "validation-failure";
        if (is_enforced)
            made.refused =
                "the MTA-STS policy of " + domain + " does not name the host " + how.name;
        return;
    }
    how.verify = net::verification::pkix;
    if (is_enforced) how.use = smtp::tls_use::required;
}

bool is_any_usable(SSL_CTX* tls, const dane_records& found) {
    net::tls_client_settings trial;
    trial.host = found.base_domain;
    trial.verify = net::verification::dane;
    trial.tlsa = found.records;
    return net::tls_client(tls, std::move(trial)).usable_records() != 0;
}

}  // namespace

net::tls_client_settings host_protection::tls_settings() const {
    net::tls_client_settings wanted;
    wanted.host = name;
    wanted.other_names = other_names;
    wanted.verify = verify;
    wanted.tlsa = records;
    return wanted;
}

awaitable<protection_choice> choose_protection(const protection_ports& ports,
                                               std::string domain,
                                               const mail_hosts& where,
                                               const mail_host& host,
                                               const mta_sts::policy* sts) {
    protection_choice made;
    made.how.name = host.name;
    made.how.counted.domain = domain;
    made.how.counted.policy_type = "no-policy-found";
    made.how.counted.mx = host.name;
    dane_records dane;
    if (where.is_mx_secure) {
        tls_policy::dane_host asked{host.name, host.canonical_name, host.are_addresses_secure};
        dane = co_await tls_policy::find_dane_records(ports.resolver, std::move(asked), ports.port);
    }
    if (dane.what == dane_records::verdict::unknown) {
        made.how.counted.policy_type = "tlsa";
        made.failure = "dnssec-invalid";
        made.refused = "the TLSA records of " + host.name + " cannot be looked up";
        co_return made;
    }
    const bool has_dane = dane.what == dane_records::verdict::found;
    // RFC 7672 2.2: with records of which none can be used it is encryption alone.
    if (has_dane && (sts == nullptr || is_any_usable(ports.tls, dane)))
        demand_dane(made.how, std::move(dane), domain, where);
    else if (sts != nullptr)
        demand_sts(made, domain, *sts);
    if (has_dane) made.how.use = smtp::tls_use::required;
    co_return made;
}

std::string protection_text(const net::tls_info& tls, const host_protection& how) {
    switch (tls.verified) {
    case net::authentication::none: break;
    case net::authentication::pkix: return tls.version + (how.is_sts() ? " sts" : " pkix");
    case net::authentication::dane_ta:
    case net::authentication::dane_ee: return tls.version + " dane";
    }
    return tls.version;
}

}  // namespace hauspost::outbound
