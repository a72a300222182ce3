#pragma once

#include "storage/tls_store.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::test {

/// A tls_store in memory, without its bounds.
class memory_tls_store final : public storage::tls_store {
public:
    awaitable<std::optional<storage::kept_policy>> find_policy(std::string domain) override {
        const auto found = policies_.find(domain);
        if (found == policies_.end()) co_return std::nullopt;
        co_return found->second;
    }
    awaitable<error_code> keep_policy(storage::kept_policy policy) override {
        auto name = policy.domain;
        policies_.insert_or_assign(std::move(name), std::move(policy));
        co_return error_code();
    }
    awaitable<std::vector<storage::tls_day>> days_before(std::uint32_t day,
                                                         std::size_t limit) override {
        std::vector<storage::tls_day> found;
        for (const auto& [key, rows] : results_) {
            if (key.first >= day || found.size() == limit) break;
            auto& one = found.emplace_back();
            one.day = key.first;
            one.domain = key.second;
        }
        co_return found;
    }
    awaitable<result<std::vector<storage::tls_result>>> take_results(storage::tls_day of) override {
        const auto found = results_.find({of.day, of.domain});
        std::vector<storage::tls_result> taken;
        if (found != results_.end()) taken = std::move(found->second);
        results_.erase({of.day, of.domain});
        co_return taken;
    }
    awaitable<error_code> count(std::vector<storage::tls_result> results) override {
        for (auto& one : results)
            results_[{one.day, one.domain}].push_back(one);
        co_return error_code();
    }

private:
    std::map<std::string, storage::kept_policy> policies_;
    std::map<std::pair<std::uint32_t, std::string>, std::vector<storage::tls_result>> results_;
};

}  // namespace hauspost::test
