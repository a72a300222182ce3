#include "storage/index/index_readers.hpp"

#include "storage/index/index_query.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace hauspost::storage::index {
namespace {

constexpr std::size_t max_open = 8;
// An index of which commits take files away while it is opened is opened again.
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
    const auto known = ready_.find(account);
    if (known == ready_.end()) return std::nullopt;
    return known->second.generation;
}

bool index_readers::is_ready(account_id account) const {
    return generation_of(account).has_value();
}

void index_readers::publish(account_id account, std::uint64_t messages) {
    const std::lock_guard lock(mutex_);
    ready_[account] = {++last_generation_, messages};
}

void index_readers::withdraw(account_id account) {
    const std::lock_guard lock(mutex_);
    ready_.erase(account);
    std::erase_if(open_, [account](const auto& index) { return index.account == account; });
}

void index_readers::withdraw_all() {
    const std::lock_guard lock(mutex_);
    ready_.clear();
    open_.clear();
}

std::pair<std::uint64_t, std::uint64_t> index_readers::ready() const {
    const std::lock_guard lock(mutex_);
    std::uint64_t messages = 0;
    for (const auto& [account, index] : ready_)
        messages += index.messages;
    return {ready_.size(), messages};
}

void index_readers::remove(account_id account) {
    withdraw(account);
    std::filesystem::remove_all(path_of(account));
}

void index_readers::keep(open_index fresh) {
    const std::lock_guard lock(mutex_);
    // Withdrawn meanwhile, and perhaps others stand there now.
    const auto known = ready_.find(fresh.account);
    if (known == ready_.end() || known->second.generation != fresh.generation) return;
    std::erase_if(open_, [&fresh](const auto& index) { return index.account == fresh.account; });
    open_.push_front(std::move(fresh));
    if (open_.size() > max_open) open_.pop_back();
}

std::shared_ptr<const index_snapshot> index_readers::snapshot_of(account_id account,
                                                                 std::uint64_t generation) {
    std::shared_ptr<const index_snapshot> older;
    {
        const std::lock_guard lock(mutex_);
        const auto known = std::find_if(open_.begin(), open_.end(), [account](const auto& each) {
            return each.account == account;
        });
        if (known != open_.end()) {
            open_.splice(open_.begin(), open_, known);
            if (known->generation == generation) return known->snapshot;
            older = known->snapshot;
        }
    }
    auto fresh = std::make_shared<const index_snapshot>(path_of(account), version_, older.get());
    keep({account, generation, fresh});
    return fresh;
}

std::optional<index_answer> index_readers::find(account_id account,
                                                const std::vector<needle>& needles) {
    for (int attempt = 1;; ++attempt) {
        const auto generation = generation_of(account);
        if (!generation) return std::nullopt;
        try {
            const auto snapshot = snapshot_of(account, *generation);
            index_answer answer;
            // The coverage is that of the snapshot that the candidates are read from.
            for (const auto& row : snapshot->what().covered.below)
                answer.covered.push_back(row);
            for (const auto& wanted : needles)
                answer.needles.push_back(find_candidates(*snapshot, wanted));
            return answer;
        } catch (const damaged_index&) {
            // Files go once a later commit is published: then they were no damage.
            const auto now = generation_of(account);
            if (now == generation) throw;
        }
        if (attempt == max_attempts) return std::nullopt;
    }
}

}  // namespace hauspost::storage::index
