#pragma once

#include "storage/directory_store.hpp"
#include "storage/errc.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::test {

/// A directory in memory that keeps the refusals of the port. One thread.
class memory_directory final : public storage::directory_store {
public:
    awaitable<storage::directory_entry> find_address(std::string name) override {
        for (const auto& [id, one] : accounts)
            if (one.name == name) co_return one;
        const auto found = aliases.find(name);
        if (found != aliases.end()) co_return found->second;
        co_return std::monostate{};
    }
    awaitable<std::optional<storage::account>> find_account(account_id id) override {
        const auto found = accounts.find(id);
        if (found == accounts.end()) co_return std::nullopt;
        co_return found->second;
    }
    awaitable<std::optional<storage::domain>> find_domain(std::string name) override {
        const auto found = domains.find(name);
        if (found == domains.end()) co_return std::nullopt;
        co_return found->second;
    }
    awaitable<storage::met_address> find_recipient(std::vector<std::string> names) override {
        storage::met_address met;
        const auto in = domains.find(domain_of(names.front()));
        if (in == domains.end()) co_return met;
        met.domain = in->second;
        met.usage = used;
        for (const auto& name : names) {
            met.entry = co_await find_address(name);
            if (!std::holds_alternative<std::monostate>(met.entry)) break;
        }
        co_return met;
    }
    awaitable<std::optional<storage::account>> first_account(std::string domain) override {
        ++walks;
        std::map<std::string, storage::account> sorted;
        for (const auto& [id, one] : accounts)
            if (one.active && (domain.empty() || domain_of(one.name) == domain))
                sorted.emplace(one.name, one);
        if (sorted.empty()) co_return std::nullopt;
        co_return sorted.begin()->second;
    }
    awaitable<std::vector<storage::account_usage>> usages(std::vector<account_id> ids) override {
        co_return std::vector<storage::account_usage>(ids.size(), used);
    }
    awaitable<std::vector<storage::account>> list_accounts(std::string after,
                                                           std::size_t limit) override {
        std::map<std::string, storage::account> sorted;
        for (const auto& [id, one] : accounts)
            if (one.name > after) sorted.emplace(one.name, one);
        std::vector<storage::account> page;
        for (const auto& [name, one] : sorted)
            if (page.size() < limit) page.push_back(one);
        co_return page;
    }
    awaitable<std::vector<storage::alias>> list_aliases(std::string after,
                                                        std::size_t limit) override {
        std::vector<storage::alias> page;
        for (auto at = aliases.upper_bound(after); at != aliases.end() && page.size() < limit; ++at)
            page.push_back(at->second);
        co_return page;
    }
    awaitable<std::vector<storage::domain>> list_domains() override {
        std::vector<storage::domain> all;
        for (const auto& [name, one] : domains)
            all.push_back(one);
        co_return all;
    }
    awaitable<result<account_id>> add_account(storage::account wanted) override {
        if (!domains.contains(domain_of(wanted.name)))
            co_return fail(storage::errc::no_such_domain);
        for (const auto& [id, one] : accounts)
            if (one.name == wanted.name) co_return fail(storage::errc::already_exists);
        if (aliases.contains(wanted.name)) co_return fail(storage::errc::already_exists);
        wanted.id = account_id(++last_id);
        wanted.version = ++last_version;
        accounts[wanted.id] = wanted;
        co_return wanted.id;
    }
    awaitable<error_code> change_account(account_id id, storage::account_change change) override {
        if (before_change) before_change();
        const auto found = accounts.find(id);
        if (found == accounts.end()) co_return fail(storage::errc::no_such_account);
        auto& row = found->second;
        if (change.is_outdated(row)) co_return fail(storage::errc::changed_meanwhile);
        row = change.applied_to(row);
        row.version = ++last_version;
        co_return error_code();
    }
    awaitable<result<bool>> renew_password_hash(account_id id,
                                                std::string old_hash,
                                                std::string new_hash) override {
        const auto found = accounts.find(id);
        if (found == accounts.end())
            co_return result<bool>(boost::system::in_place_error,
                                   make_error_code(storage::errc::no_such_account));
        if (before_renewal) before_renewal();
        if (found->second.password_hash != old_hash) co_return false;
        found->second.password_hash = new_hash;
        co_return true;
    }
    awaitable<error_code> remove_account(account_id id) override {
        if (accounts.erase(id) == 0) co_return fail(storage::errc::no_such_account);
        co_return error_code();
    }
    /// Without what follows in targets: tests/storage/rename_test.cpp is about that.
    awaitable<result<std::size_t>> rename_account(std::string from,
                                                  std::string to,
                                                  bool keep_alias) override {
        if (before_change) before_change();
        if (!domains.contains(domain_of(to))) co_return fail(storage::errc::no_such_domain);
        storage::account* renamed = nullptr;
        for (auto& [id, one] : accounts) {
            if (one.name == to) co_return fail(storage::errc::already_exists);
            if (one.name == from) renamed = &one;
        }
        if (aliases.contains(to)) co_return fail(storage::errc::already_exists);
        if (renamed == nullptr) co_return fail(storage::errc::no_such_account);
        renamed->name = to;
        if (keep_alias) aliases[from] = {from, {to}, true, ++last_version};
        co_return std::size_t{2};
    }
    awaitable<error_code> add_alias(storage::alias wanted) override {
        if (before_change) before_change();
        if (!domains.contains(domain_of(wanted.name)))
            co_return fail(storage::errc::no_such_domain);
        for (const auto& [id, one] : accounts)
            if (one.name == wanted.name) co_return fail(storage::errc::already_exists);
        auto row = wanted;
        if (const auto there = aliases.find(wanted.name); there != aliases.end())
            row = there->second;
        for (const auto& target : wanted.targets)
            if (std::find(row.targets.begin(), row.targets.end(), target) == row.targets.end())
                row.targets.push_back(target);
        if (row.targets.size() > storage::max_targets)
            co_return fail(storage::errc::too_many_targets);
        row.version = ++last_version;
        aliases[row.name] = row;
        co_return error_code();
    }
    awaitable<result<std::vector<std::string>>> remove_targets(
        std::string name, std::vector<std::string> targets) override {
        if (before_change) before_change();
        const auto found = aliases.find(name);
        if (found == aliases.end()) co_return fail(storage::errc::no_such_address);
        for (const auto& target : targets)
            std::erase(found->second.targets, target);
        found->second.version = ++last_version;
        auto left = found->second.targets;
        if (left.empty()) aliases.erase(found);
        co_return left;
    }
    awaitable<error_code> enable_alias(std::string name, bool enabled) override {
        if (before_change) before_change();
        const auto found = aliases.find(name);
        if (found == aliases.end()) co_return fail(storage::errc::no_such_address);
        found->second.enabled = enabled;
        found->second.version = ++last_version;
        co_return error_code();
    }
    awaitable<error_code> remove_alias(storage::alias seen) override {
        if (before_change) before_change();
        const auto found = aliases.find(seen.name);
        if (found == aliases.end()) co_return fail(storage::errc::no_such_address);
        if (found->second.version != seen.version) co_return fail(storage::errc::changed_meanwhile);
        aliases.erase(found);
        co_return error_code();
    }
    awaitable<error_code> add_domain(storage::domain wanted) override {
        if (!domains.emplace(wanted.name, wanted).second)
            co_return fail(storage::errc::already_exists);
        co_return error_code();
    }
    awaitable<error_code> set_catch_all(storage::domain seen, std::string target) override {
        if (before_change) before_change();
        const auto found = domains.find(seen.name);
        if (found == domains.end()) co_return fail(storage::errc::no_such_domain);
        auto& row = found->second;
        if (row.version != seen.version && row.catch_all != target)
            co_return fail(storage::errc::changed_meanwhile);
        row.catch_all = target;
        row.version = ++last_version;
        co_return error_code();
    }
    awaitable<error_code> remove_domain(std::string name) override {
        for (const auto& [id, one] : accounts)
            if (domain_of(one.name) == name) co_return fail(storage::errc::still_in_use);
        if (domains.erase(name) == 0) co_return fail(storage::errc::no_such_domain);
        co_return error_code();
    }

    static std::string domain_of(const std::string& address) {
        return address.substr(address.rfind('@') + 1);
    }

    std::map<account_id, storage::account> accounts;
    std::map<std::string, storage::alias> aliases;
    std::map<std::string, storage::domain> domains;
    std::uint32_t last_id = 0;
    std::uint64_t last_version = 0;
    storage::account_usage used{1234, 5};  // of every account
    std::size_t walks = 0;                 // for the first account
    // What another does between reading and writing.
    std::function<void()> before_change, before_renewal;
};

}  // namespace hauspost::test
