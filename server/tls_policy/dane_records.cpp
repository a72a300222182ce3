#include "server/tls_policy/dane_records.hpp"

#include <utility>

namespace hauspost::tls_policy {
namespace {

dane_records unknown(const std::string& type, const std::string& name, const std::string& why) {
    dane_records made;
    made.what = dane_records::verdict::unknown;
    made.why = type + ' ' + name + ": " + why;
    return made;
}

/// At one name.
awaitable<dane_records> find_at(dns::resolver& resolver, std::string base, std::uint32_t port) {
    const auto name = "_" + std::to_string(port) + "._tcp." + base;
    auto question = name;
    auto found = co_await resolver.find_tlsa(std::move(question));
    if (dns::is_temporary(found.what)) co_return unknown("TLSA", name, found.why);
    dane_records made;
    if (found.what != dns::outcome::found || !found.is_secure) co_return made;
    made.what = dane_records::verdict::found;
    made.base_domain = std::move(base);
    for (auto& record : found.records)
        made.records.push_back(
            {record.usage, record.selector, record.matching_type, std::move(record.data)});
    co_return made;
}

}  // namespace

awaitable<dane_records> find_dane_records(dns::resolver& resolver,
                                          dane_host host,
                                          std::uint32_t port) {
    const bool is_alias = !host.canonical_name.empty() && host.canonical_name != host.name;
    if (host.are_addresses_secure && is_alias) {
        auto base = host.canonical_name;
        auto expanded = co_await find_at(resolver, std::move(base), port);
        if (expanded.what != dane_records::verdict::none) co_return expanded;
    } else if (!host.are_addresses_secure) {
        // A zone that is not signed may stand at the end of a proven CNAME.
        if (!is_alias) co_return dane_records();
        auto question = host.name;
        const auto alias = co_await resolver.find_cname(std::move(question));
        if (dns::is_temporary(alias.what)) co_return unknown("CNAME", host.name, alias.why);
        if (alias.what != dns::outcome::found || !alias.is_secure) co_return dane_records();
    }
    auto base = std::move(host.name);
    co_return co_await find_at(resolver, std::move(base), port);
}

}  // namespace hauspost::tls_policy
