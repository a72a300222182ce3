#include "storage/index/index_readers.hpp"

#include "storage/index/index_query.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace hauspost::storage::index {
namespace {

constexpr std::size_t max_idle = 8;
// A database that two commits changed during one look is asked again.
constexpr int max_attempts = 4;

}  // namespace

index_readers::index_readers(std::filesystem::path folder, std::string version)
    : folder_(std::move(folder)), version_(std::move(version)) {}

std::filesystem::path index_readers::path_of(account_id account) const {
    std::array<char, 9> name{};
    std::snprintf(name.data(), name.size(), "%08x", account.value());
    return folder_ / name.data();
}

std::optional<std::uint64_t> index_readers::generation_of(account_id account) const {
    const std::lock_guard lock(mutex_);
    const auto known = generations_.find(account);
    if (known == generations_.end()) return std::nullopt;
    return known->second;
}

bool index_readers::is_ready(account_id account) const {
    return generation_of(account).has_value();
}

void index_readers::publish(account_id account) {
    const std::lock_guard lock(mutex_);
    generations_[account] = ++last_generation_;
}

void index_readers::withdraw(account_id account) {
    const std::lock_guard lock(mutex_);
    generations_.erase(account);
    std::erase_if(idle_, [account](const auto& index) { return index->account == account; });
}

void index_readers::remove(account_id account) {
    withdraw(account);
    const std::unique_lock lock(files_);
    std::filesystem::remove_all(path_of(account));
}

void index_readers::replace(account_id account, const std::filesystem::path& fresh) {
    withdraw(account);
    const std::unique_lock lock(files_);
    std::filesystem::remove_all(path_of(account));
    std::filesystem::rename(fresh, path_of(account));
}

std::unique_ptr<index_readers::open_index> index_readers::take(account_id account,
                                                               std::uint64_t generation) {
    std::unique_ptr<open_index> index;
    {
        const std::lock_guard lock(mutex_);
        const auto known = std::find_if(idle_.begin(), idle_.end(), [account](const auto& each) {
            return each->account == account;
        });
        if (known != idle_.end()) {
            index = std::move(*known);
            idle_.erase(known);
        }
    }
    if (!index) {
        index = std::make_unique<open_index>();
        index->account = account;
        index->db = Xapian::Database(path_of(account).string());
    } else if (index->generation != generation) {
        index->db.reopen();
    }
    index->generation = generation;
    return index;
}

void index_readers::give_back(std::unique_ptr<open_index> used) {
    const std::lock_guard lock(mutex_);
    // Withdrawn meanwhile, and perhaps another database stands there now.
    const auto known = generations_.find(used->account);
    if (known == generations_.end() || known->second != used->generation) return;
    idle_.push_front(std::move(used));
    if (idle_.size() > max_idle) idle_.pop_back();
}

index_answer index_readers::ask(open_index& index, const std::vector<needle>& needles) const {
    index_answer answer;
    // The coverage is that of the snapshot that the candidates are read from.
    for (const auto& row : read_coverage(index.db, version_).below)
        answer.covered.push_back(row);
    for (const auto& wanted : needles)
        answer.needles.push_back(find_candidates(index.db, wanted));
    return answer;
}

std::optional<index_answer> index_readers::find(account_id account,
                                                const std::vector<needle>& needles) {
    const std::shared_lock lock(files_);
    try {
        for (int attempt = 0; attempt < max_attempts; ++attempt) {
            const auto generation = generation_of(account);
            if (!generation) return std::nullopt;
            auto index = take(account, *generation);
            try {
                auto answer = ask(*index, needles);
                give_back(std::move(index));
                return answer;
            } catch (const Xapian::DatabaseModifiedError&) {
                index->db.reopen();
                give_back(std::move(index));
            }
        }
    } catch (const Xapian::Error& error) {
        throw damaged_index(error.get_description());
    }
    return std::nullopt;
}

}  // namespace hauspost::storage::index
