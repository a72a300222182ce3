#include "admin/domain_records.hpp"

#include "admin/names.hpp"

#include <utility>

namespace hauspost::admin {
namespace {

/// The canonical name of a domain of ours.
awaitable<outcome<std::string>> find_own(ports& at, std::string typed) {
    const auto name = parse_domain_name(typed);
    if (!name) co_return name.error();
    auto found = co_await at.directory.find_domain(*name);
    if (!found) co_return refuse(refusal_code::no_such_domain, *name);
    co_return std::move(found->name);
}

bool is_within(const std::string& host, const std::string& domain) {
    return host == domain || host.ends_with('.' + domain);
}

class record_writer {
public:
    explicit record_writer(std::string domain) { made_.domain = std::move(domain); }

    /// name  of the domain itself, or with a dot at its end below it
    void add(const std::string& name, const char* type, std::string value) {
        add_at(name + made_.domain, type, std::move(value));
    }
    void add_at(const std::string& host, const char* type, std::string value) {
        dns_record one;
        one.name = host + '.';
        one.type = type;
        one.value = std::move(value);
        made_.records.push_back(std::move(one));
    }
    /// RFC 6186 3.4: a service that is not offered is at ".".
    void add_service(const std::string& name, const std::string& host, std::uint16_t port) {
        add(name + "._tcp.", "SRV",
            port == 0 ? "0 0 0 ." : "0 1 " + std::to_string(port) + ' ' + host + '.');
    }
    /// Of the record that was added last.
    void note(std::string when) { made_.records.back().note = std::move(when); }
    [[nodiscard]] domain_records take() { return std::move(made_); }

private:
    domain_records made_;
};

/// What is right only where something else is so that we do not know.
void add_optional(record_writer& zone, const published_services& ours, const std::string& domain) {
    if (!ours.key_digest.empty()) {
        zone.add_at("_25._tcp." + ours.hostname, "TLSA", "3 1 1 " + ours.key_digest);
        zone.note("only where the zone of " + ours.hostname +
                  " is signed (DNSSEC); to be changed before the server's key is");
    }
    zone.add("", "CAA", "0 issue \"letsencrypt.org\"");
    zone.note("only where all certificates of the domain come from Let's Encrypt");
    zone.add("_mta-sts.", "TXT", "\"v=STSv1; id=1\"");
    zone.note("only where https://mta-sts." + domain +
              "/.well-known/mta-sts.txt says \"version: STSv1\", \"mode: testing\", \"mx: " +
              ours.hostname +
              "\" and \"max_age: 604800\", a line each; another id with each change");
}

/// By which mail programs find out how an account is set up: Outlook by SRV or by name, Thunderbird
/// and others by name.
void add_client_setup(record_writer& zone,
                      const published_services& ours,
                      const std::string& domain) {
    if (ours.https_port == 0) return;
    zone.add_service("_autodiscover", ours.hostname, ours.https_port);
    const auto add_name = [&](const std::string& label) {
        if (ours.hostname == label + domain) return false;
        zone.add(label, "CNAME", ours.hostname + '.');
        return true;
    };
    add_name("autoconfig.");
    // With another certificate Outlook warns before it asks for the SRV record.
    if (add_name("autodiscover."))
        zone.note("only where the server's certificate is for autodiscover." + domain +
                  " as well; else Outlook goes by the SRV record");
}

awaitable<outcome<domain_records>> records_of(ports& at, std::string domain) {
    const auto& host = at.published.hostname;
    record_writer zone(domain);
    zone.add("", "MX", "10 " + host + '.');
    zone.add("", "TXT", "\"v=spf1 mx -all\"");
    // Reports have no other sender than the server's own name (RFC 7208 2.4).
    if (host != domain && is_within(host, domain)) zone.add_at(host, "TXT", "\"v=spf1 a -all\"");
    auto keys = co_await at.keys.published(domain);
    for (auto& key : keys)
        zone.add(key.selector + "._domainkey.", "TXT", std::move(key.record));
    zone.add("_dmarc.", "TXT", "\"v=DMARC1; p=none; rua=mailto:postmaster@" + domain + '"');
    zone.add_service("_submissions", host, at.published.submissions_port);
    zone.add_service("_imaps", host, at.published.imaps_port);
    zone.add_service("_pop3s", host, at.published.pop3s_port);
    add_client_setup(zone, at.published, domain);
    zone.add("_smtp._tls.", "TXT", "\"v=TLSRPTv1; rua=mailto:postmaster@" + domain + '"');
    add_optional(zone, at.published, domain);
    auto made = zone.take();
    const auto own_way = at.published.relayed_of.find(domain);
    made.is_relayed =
        own_way == at.published.relayed_of.end() ? at.published.is_relayed : own_way->second;
    co_return made;
}

}  // namespace

awaitable<outcome<domain_records>> show_domain_records(ports& at, std::string typed) {
    const auto name = co_await find_own(at, std::move(typed));
    if (!name) co_return name.error();
    if (const auto ec = co_await at.keys.ensure(*name)) co_return refusal_of(ec, *name);
    co_return co_await records_of(at, *name);
}

awaitable<outcome<domain_records>> rotate_domain_keys(ports& at, std::string typed) {
    const auto name = co_await find_own(at, std::move(typed));
    if (!name) co_return name.error();
    if (const auto ec = co_await at.keys.rotate(*name)) co_return refusal_of(ec, *name);
    co_return co_await records_of(at, *name);
}

}  // namespace hauspost::admin
