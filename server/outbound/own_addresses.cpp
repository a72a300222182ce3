#include "server/outbound/own_addresses.hpp"

#include "base/address.hpp"
#include "server/delivery/routing.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <unordered_set>
#include <utility>
#include <vector>

namespace hauspost::outbound {
namespace {

/// "" when there is no detail (RFC 5233).
storage::mail_address without_detail(std::string_view name) {
    const auto plus = address::local_part_of(name).find('+');
    if (plus == std::string_view::npos || plus == 0) return {};
    return std::string(name.substr(0, plus)) + '@' + std::string(address::domain_of(name));
}

}  // namespace

awaitable<bool> own_addresses::may_send_as(account_id user, smtp::mailbox_address sender) {
    auto name = delivery::canonical_address(sender);
    if (name.empty()) co_return false;
    co_return co_await has(user, std::move(name));
}

/// What stands at an address, or catches what is sent to it.
awaitable<storage::directory_entry> own_addresses::find(storage::mail_address name) {
    auto found = co_await directory_.find_address(name);
    auto base = without_detail(name);
    if (std::holds_alternative<std::monostate>(found) && !base.empty())
        found = co_await directory_.find_address(std::move(base));
    if (!std::holds_alternative<std::monostate>(found)) co_return found;
    std::string domain_name(address::domain_of(name));
    const auto domain = co_await directory_.find_domain(std::move(domain_name));
    if (!domain) co_return found;
    auto catching = domain->catch_all.empty() ? "catchall@" + domain->name : domain->catch_all;
    co_return co_await directory_.find_address(std::move(catching));
}

awaitable<bool> own_addresses::has(account_id user, storage::mail_address name) {
    constexpr std::size_t steps_of_a_turn = 64;
    std::vector<storage::mail_address> open{name};
    std::unordered_set<storage::mail_address> seen{std::move(name)};
    for (std::size_t i = 0; i < open.size() && i < max_steps; ++i) {
        auto next = open[i];
        const auto entry = co_await find(std::move(next));
        if (const auto* account = std::get_if<storage::account>(&entry);
            account != nullptr && account->id == user)
            co_return true;
        const auto* alias = std::get_if<storage::alias>(&entry);
        if (alias == nullptr || !alias->enabled) continue;
        for (const auto& target : alias->targets)
            if (seen.insert(target).second) open.push_back(target);
        if ((i + 1) % steps_of_a_turn == 0) co_await asio::post(asio::use_awaitable);
    }
    co_return false;
}

}  // namespace hauspost::outbound
