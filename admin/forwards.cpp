#include "admin/forwards.hpp"

#include "admin/names.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::admin {
namespace {

/// "@example.org" for a catch-all, else an address.
outcome<std::string> parse_forwarder(std::string_view typed) {
    if (!typed.starts_with('@')) return parse_address(typed);
    auto domain = parse_domain_name(typed.substr(1));
    if (!domain) return domain.error();
    return '@' + *domain;
}

}  // namespace

awaitable<page<storage::forward_state>> list_suspended(ports& at, std::string filter) {
    const text_filter wanted(filter);
    page<storage::forward_state> all;
    std::string everybody;
    for (auto& one : co_await at.forwards.list(std::move(everybody)))
        if (one.is_suspended() && wanted.wants({one.way.by, one.way.target}))
            all.entries.push_back(std::move(one));
    co_return all;
}

awaitable<std::vector<storage::mail_address>> suspended_targets(ports& at, std::string by) {
    std::vector<storage::mail_address> found;
    for (auto& one : co_await at.forwards.list(std::move(by)))
        if (one.is_suspended()) found.push_back(std::move(one.way.target));
    co_return found;
}

awaitable<outcome<std::string>> resume_forward(ports& at,
                                               std::string by,
                                               std::vector<std::string> targets) {
    const auto name = parse_forwarder(by);
    if (!name) co_return name.error();
    const auto suspended = co_await suspended_targets(at, *name);
    std::vector<storage::mail_address> wanted;
    for (const auto& typed : targets) {
        const auto target = parse_address(typed);
        if (!target) co_return target.error();
        if (std::ranges::find(suspended, *target) == suspended.end())
            co_return refuse(refusal_code::not_suspended, *name, *target);
        wanted.push_back(*target);
    }
    if (targets.empty()) wanted = suspended;
    if (wanted.empty()) co_return refuse(refusal_code::nothing_suspended, *name);
    for (auto& target : wanted) {
        storage::forward_way way;
        way.by = *name;
        way.target = std::move(target);
        const auto failed = co_await at.forwards.resume(std::move(way));
        // Somebody else was quicker.
        if (failed && failed != storage::errc::no_such_address) co_return refusal_of(failed, *name);
    }
    co_return *name;
}

}  // namespace hauspost::admin
