#pragma once

#include "server/outbound/rate_settings.hpp"
#include "storage/queue_store.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

namespace hauspost::outbound {

/// How many messages went to each domain within the last minute, so that none gets more than it may. A
/// message to several recipients of a domain is one. Kept in memory: behind a restart a minute's mail may
/// go once more.
///
/// Lifetime: the settings must outlive it. Thread: one.
class destination_rates {
public:
    explicit destination_rates(const rate_settings& settings) : settings_(settings) {}

    /// So many messages to the domain are on their way.
    void note(const std::string& domain, std::size_t messages, std::int64_t now);
    /// What was noted of the domain did not leave: it is one of ours.
    void forget(const std::string& domain) { sent_.erase(domain); }

    /// How much of each domain is wanted: busy are those that have had theirs.
    void limit(storage::claim_request& wanted);
    /// When a domain that has had its messages may have some again; nullopt: there is none.
    [[nodiscard]] std::optional<std::int64_t> next_room() const;

private:
    struct part {
        std::int64_t at;
        std::size_t messages;
    };

    void drop_old(std::int64_t now);
    /// 0: any number
    [[nodiscard]] std::size_t limit_of(const std::string& domain) const;
    [[nodiscard]] std::size_t room_of(const std::string& domain,
                                      const std::deque<part>& sent) const;

    const rate_settings& settings_;
    std::map<std::string, std::deque<part>> sent_;  // of the last minute, by its seconds
};

}  // namespace hauspost::outbound
