#pragma once

#include "base/clock.hpp"
#include "server/delivery/routing.hpp"
#include "storage/directory_store.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace hauspost::delivery {

/// route_lookup over the directory.
/// Strangers can ask for postmaster@ as often as they like, so what takes a walk over the directory
/// is remembered for memory_age. Thread: any.
class directory_lookup final : public route_lookup {
public:
    static constexpr std::chrono::seconds memory_age{5};
    static constexpr std::size_t max_remembered = 1000;  // domains

    explicit directory_lookup(
        storage::directory_store& directory,
        std::function<steady_time()> now = [] { return std::chrono::steady_clock::now(); })
        : directory_(directory), now_(std::move(now)) {}
    awaitable<storage::met_address> find_recipient(
        std::vector<storage::mail_address> names) override;
    /// One that was made or switched on less than memory_age ago may be missing.
    awaitable<std::optional<storage::met_address>> first_account(std::string domain) override;
    /// The first local domain by name; "" when there is none.
    awaitable<std::string> first_domain();

private:
    struct remembered {
        steady_time until;
        storage::mail_address name;  // "" when there is none
    };

    awaitable<std::optional<storage::met_address>> find_active(storage::mail_address name);
    [[nodiscard]] std::optional<std::string> recall(const std::string& domain);
    void remember(const std::string& domain, std::string name);

    storage::directory_store& directory_;
    const std::function<steady_time()> now_;
    std::mutex mutex_;
    std::map<std::string, remembered> first_;  // by domain, "*" for all; "": the first domain
};

}  // namespace hauspost::delivery
