#include "server/delivery/directory_lookup.hpp"

#include <utility>
#include <variant>
#include <vector>

namespace hauspost::delivery {
namespace {

constexpr const char* every_domain_key = "*";  // where a domain is remembered

}  // namespace

awaitable<storage::met_address> directory_lookup::find_recipient(
    std::vector<storage::mail_address> names) {
    co_return co_await directory_.find_recipient(std::move(names));
}

awaitable<std::optional<storage::met_address>> directory_lookup::first_account(std::string domain) {
    const auto key = domain.empty() ? std::string(every_domain_key) : domain;
    if (const auto known = recall(key)) {
        if (known->empty()) co_return std::nullopt;
        auto found = co_await find_active(*known);
        if (found) co_return found;
    }
    const auto first = co_await directory_.first_account(std::move(domain));
    remember(key, first ? first->name : std::string());
    if (!first) co_return std::nullopt;
    co_return co_await find_active(first->name);
}

awaitable<std::optional<storage::met_address>> directory_lookup::find_active(
    storage::mail_address name) {
    std::vector<storage::mail_address> names{std::move(name)};
    auto found = co_await directory_.find_recipient(std::move(names));
    const auto* account = std::get_if<storage::account>(&found.entry);
    if (account == nullptr || !account->active) co_return std::nullopt;
    co_return found;
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

}  // namespace hauspost::delivery
