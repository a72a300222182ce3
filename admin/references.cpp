#include "admin/references.hpp"

#include "base/address.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <string_view>

namespace hauspost::admin {
namespace {

constexpr std::size_t rows_at_once = 200;

/// Whether mail to `target` goes to `name`, an address or a domain.
bool leads_to(std::string_view target, std::string_view name) {
    if (target == name) return true;
    const auto domain = address::domain_of(target);
    if (address::domain_of(name).empty()) return domain == name;
    const auto local = address::local_part_of(target);
    const auto plus = local.find('+');
    return plus != std::string_view::npos && domain == address::domain_of(name) &&
           local.substr(0, plus) == address::local_part_of(name);
}

bool any_leads_to(const std::vector<storage::mail_address>& targets, const std::string& name) {
    return std::any_of(targets.begin(), targets.end(),
                       [&](const auto& target) { return leads_to(target, name); });
}

}  // namespace

awaitable<std::vector<reference>> find_references(ports& at, std::string name) {
    std::vector<reference> found;
    // What stands in the domain goes with it.
    const auto is_inside = [&](std::string_view one) { return address::domain_of(one) == name; };
    for (std::string after;;) {
        const auto aliases = co_await at.directory.list_aliases(after, rows_at_once);
        for (const auto& one : aliases)
            if (!is_inside(one.name) && any_leads_to(one.targets, name))
                found.push_back({reference::kind::alias, one.name});
        if (aliases.size() < rows_at_once) break;
        after = aliases.back().name;
        co_await asio::post(asio::use_awaitable);
    }
    for (std::string after;;) {
        const auto accounts = co_await at.directory.list_accounts(after, rows_at_once);
        for (const auto& one : accounts)
            if (!is_inside(one.name) && one.name != name && any_leads_to(one.forwards, name))
                found.push_back({reference::kind::forward, one.name});
        if (accounts.size() < rows_at_once) break;
        after = accounts.back().name;
        co_await asio::post(asio::use_awaitable);
    }
    for (const auto& domain : co_await at.directory.list_domains())
        if (domain.name != name && leads_to(domain.catch_all, name))
            found.push_back({reference::kind::catch_all, domain.name});
    co_return found;
}

}  // namespace hauspost::admin
