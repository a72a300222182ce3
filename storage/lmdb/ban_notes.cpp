#include "storage/lmdb/ban_notes.hpp"

#include "base/log.hpp"
#include "storage/lmdb/ban_rows.hpp"

#include <exception>
#include <utility>

namespace hauspost::storage::lmdb {

void ban_notes::add(const ban_name& name, std::optional<ban> row) noexcept {
    try {
        if (!ban_rows::fits(name)) return;
        const std::lock_guard lock(mutex_);
        if (waiting_.size() >= max_waiting && !waiting_.contains(name)) return;
        if (waiting_.empty()) since_ = std::chrono::steady_clock::now();
        auto& there = waiting_[name];
        there.row = std::move(row);
        there.number = next_number_++;
    } catch (const std::exception& error) {
        log::error("ban_note_fault what={}", log_safe(error.what()));
    }
}

bool ban_notes::is_waiting(std::chrono::steady_clock::duration at_least) const {
    const std::lock_guard lock(mutex_);
    return !waiting_.empty() && std::chrono::steady_clock::now() - since_ >= at_least;
}

std::map<ban_name, std::optional<ban>> ban_notes::waiting() const {
    const std::lock_guard lock(mutex_);
    std::map<ban_name, std::optional<ban>> all;
    for (const auto& [name, there] : waiting_)
        all.emplace(name, there.row);
    return all;
}

void ban_notes::write(write_context& context) {
    std::map<ban_name, std::optional<ban>> all;
    {
        const std::lock_guard lock(mutex_);
        written_ = next_number_ - 1;
        for (const auto& [name, there] : waiting_)
            all.emplace(name, there.row);
    }
    for (const auto& [name, row] : all) {
        const auto key = ban_rows::key_of(name);
        if (!row)
            context.tx.remove(table::ban, key);
        else if (!context.is_room_low)  // else it is only remembered by who refuses
            context.tx.put(table::ban, key, ban_rows::encode(*row));
    }
    if (all.empty()) return;
    ban_rows::keep_limit(context.tx);
    context.office.bans = true;
}

void ban_notes::committed() noexcept {
    const std::lock_guard lock(mutex_);
    std::erase_if(waiting_, [this](const auto& one) { return one.second.number <= written_; });
}

void ban_notes::forget(const ban_name& name) {
    const std::lock_guard lock(mutex_);
    waiting_.erase(name);
}

void ban_notes::forget_account(std::string_view account) {
    const std::lock_guard lock(mutex_);
    std::erase_if(waiting_, [account](const auto& one) { return one.first.account == account; });
}

void forget_bans(write_txn& tx, ban_notes& noted, std::string_view account) {
    noted.forget_account(account);
    ban_rows::forget_account(tx, account);
}

}  // namespace hauspost::storage::lmdb
