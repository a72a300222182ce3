#pragma once

#include "storage/index/catalogue.hpp"
#include "storage/search_index.hpp"

#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hauspost::storage::index {

/// Asks the indexes of all accounts. Those of a few stay open.
/// Thread  any that may wait for the disk
class index_readers {
public:
    index_readers(std::filesystem::path folder, std::string version);

    /// Throws  damaged_index when it cannot be used; nullopt: not ready
    [[nodiscard]] std::optional<index_answer> find(account_id account,
                                                   const std::vector<needle>& needles);

    /// From now on the account is answered for: what is committed agrees with the store. After
    /// each commit again, before files go that the one before needs.
    /// messages  that it knows
    void publish(account_id account, std::uint64_t messages);
    /// Until publish() it is not answered for.
    void withdraw(account_id account);
    void withdraw_all();
    [[nodiscard]] bool is_ready(account_id account) const;
    /// How many accounts are answered for, and how many messages their indexes know.
    [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> ready() const;

    [[nodiscard]] std::filesystem::path path_of(account_id account) const;
    /// Removes the account's files; withdrawn.
    void remove(account_id account);

private:
    struct ready_index {
        std::uint64_t generation = 0;
        std::uint64_t messages = 0;
    };
    struct open_index {
        account_id account;
        std::uint64_t generation = 0;
        std::shared_ptr<const index_snapshot> snapshot;
    };
    [[nodiscard]] std::optional<std::uint64_t> generation_of(account_id account) const;
    [[nodiscard]] std::shared_ptr<const index_snapshot> snapshot_of(account_id account,
                                                                    std::uint64_t generation);
    void keep(open_index fresh);

    const std::filesystem::path folder_;
    const std::string version_;
    mutable std::mutex mutex_;
    std::unordered_map<account_id, ready_index> ready_;
    std::uint64_t last_generation_ = 0;
    std::list<open_index> open_;  // the last used in front
};

}  // namespace hauspost::storage::index
