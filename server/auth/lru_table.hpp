#pragma once

#include "server/auth/keyed_digest.hpp"

#include <cstddef>
#include <list>
#include <unordered_map>
#include <utility>

namespace hauspost::auth {

/// A table of at most max_entries; when it is full, a new entry takes the place of the one that was
/// not asked for longest. Not for several threads at once.
template <class Value>
class lru_table {
public:
    explicit lru_table(std::size_t max_entries) : max_entries_(max_entries) {}

    /// Null when there is none. Valid until the next call of at() or erase().
    [[nodiscard]] Value* find(const digest& key) {
        const auto found = index_.find(key);
        if (found == index_.end()) return nullptr;
        order_.splice(order_.begin(), order_, found->second);
        return &found->second->second;
    }

    /// The entry, made when there was none.
    Value& at(const digest& key) {
        if (auto* value = find(key)) return *value;
        if (order_.size() >= max_entries_) {
            index_.erase(order_.back().first);
            order_.pop_back();
        }
        order_.emplace_front(key, Value{});
        index_.emplace(key, order_.begin());
        return order_.front().second;
    }

    void erase(const digest& key) {
        const auto found = index_.find(key);
        if (found == index_.end()) return;
        order_.erase(found->second);
        index_.erase(found);
    }

    [[nodiscard]] std::size_t size() const noexcept { return order_.size(); }

private:
    using entries = std::list<std::pair<digest, Value>>;
    std::size_t max_entries_;
    entries order_;  // last used first
    std::unordered_map<digest, typename entries::iterator, digest_hash> index_;
};

}  // namespace hauspost::auth
