#pragma once

#include "storage/index/index_files.hpp"

#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <unordered_map>
#include <utility>

namespace hauspost::storage::index {

/// Asks the indexes of all accounts. A few databases stay open, each used by one thread at a time.
/// Thread  any that may wait for the disk
class index_readers {
public:
    index_readers(std::filesystem::path folder, std::string version);

    /// Throws  damaged_index when it cannot be used; nullopt: not ready
    [[nodiscard]] std::optional<index_answer> find(account_id account,
                                                   const std::vector<needle>& needles);

    /// From now on the account is answered for: what is committed agrees with the store. After
    /// each commit again.
    void publish(account_id account);
    /// Until publish() it is not answered for.
    void withdraw(account_id account);
    [[nodiscard]] bool is_ready(account_id account) const;

    [[nodiscard]] std::filesystem::path path_of(account_id account) const;
    /// Removes the account's files; withdrawn.
    void remove(account_id account);
    /// Puts the database in `fresh` in the place of the account's.
    void replace(account_id account, const std::filesystem::path& fresh);

private:
    struct open_index {
        account_id account;
        std::uint64_t generation = 0;
        Xapian::Database db;
    };
    [[nodiscard]] std::optional<std::uint64_t> generation_of(account_id account) const;
    [[nodiscard]] std::unique_ptr<open_index> take(account_id account, std::uint64_t generation);
    void give_back(std::unique_ptr<open_index> used);
    [[nodiscard]] index_answer ask(open_index& index, const std::vector<needle>& needles) const;

    const std::filesystem::path folder_;
    const std::string version_;
    mutable std::mutex mutex_;
    std::unordered_map<account_id, std::uint64_t> generations_;  // of accounts that are ready
    std::uint64_t last_generation_ = 0;
    std::list<std::unique_ptr<open_index>> idle_;  // the last used in front
    std::shared_mutex files_;                      // unique: files change their place
};

}  // namespace hauspost::storage::index
