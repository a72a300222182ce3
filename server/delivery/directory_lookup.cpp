#include "server/delivery/directory_lookup.hpp"

#include "base/address.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>
#include <variant>

namespace hauspost::delivery {
namespace {

constexpr const char* every_domain_key = "*";  // where a domain is remembered

}  // namespace

awaitable<storage::directory_entry> directory_lookup::find_address(storage::mail_address name) {
    co_return co_await directory_.find_address(std::move(name));
}

awaitable<std::optional<storage::domain>> directory_lookup::find_domain(std::string name) {
    co_return co_await directory_.find_domain(std::move(name));
}

awaitable<std::optional<storage::account>> directory_lookup::first_account(std::string domain) {
    const auto key = domain.empty() ? std::string(every_domain_key) : domain;
    if (const auto known = recall(key)) {
        if (known->empty()) co_return std::nullopt;
        auto entry = co_await directory_.find_address(*known);
        auto* account = std::get_if<storage::account>(&entry);
        if (account != nullptr && account->active) co_return std::move(*account);
    }
    auto found = co_await walk_to_first(domain);
    remember(key, found ? found->name : std::string());
    co_return found;
}

/// Page by page, and others have their turn between two pages.
awaitable<std::optional<storage::account>> directory_lookup::walk_to_first(std::string domain) {
    constexpr std::size_t page = 200;
    std::string after;
    for (;;) {
        auto accounts = co_await directory_.list_accounts(after, page);
        for (auto& account : accounts)
            if (account.active && (domain.empty() || address::domain_of(account.name) == domain))
                co_return std::move(account);
        if (accounts.size() < page) co_return std::nullopt;
        after = accounts.back().name;
        co_await asio::post(asio::use_awaitable);
    }
}

awaitable<std::string> directory_lookup::first_domain() {
    if (auto known = recall("")) co_return std::move(*known);
    const auto domains = co_await directory_.list_domains();
    std::string name;
    if (!domains.empty()) name = domains.front().name;
    remember("", name);
    co_return name;
}

std::optional<std::string> directory_lookup::recall(const std::string& domain) {
    const std::lock_guard lock(mutex_);
    const auto known = first_.find(domain);
    if (known == first_.end() || known->second.until <= now_()) return std::nullopt;
    return known->second.name;
}

void directory_lookup::remember(const std::string& domain, std::string name) {
    const std::lock_guard lock(mutex_);
    if (first_.size() >= max_remembered) first_.clear();
    first_[domain] = {now_() + memory_age, std::move(name)};
}

awaitable<storage::account_usage> directory_lookup::usage(account_id id) {
    co_return co_await directory_.usage(id);
}

}  // namespace hauspost::delivery
