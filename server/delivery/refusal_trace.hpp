#pragma once

#include "base/clock.hpp"
#include "base/peer_networks.hpp"
#include "protocols/smtp/server/refusal_watch.hpp"
#include "storage/trace_store.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>

namespace hauspost::delivery {

/// Tells the trace what was refused, and so much that nobody fills it by being refused: of each
/// network so many a minute, of all together so many; the rest is counted, and the count is told.
///
/// Lifetime: all that is passed in must outlive it. Thread: any.
class refusal_trace final : public smtp::refusal_watch {
public:
    static constexpr std::uint64_t most_of_network = 10;  // a minute
    static constexpr std::uint64_t most_of_all = 120;
    static constexpr std::uint64_t most_hints = 20;    // networks of which the count is told
    static constexpr std::size_t max_networks = 1000;  // told apart

    refusal_trace(storage::trace_store& trace, const clock& time) : trace_(trace), time_(time) {}
    /// Tells what is still to be told. Before the store is stopped.
    void finish() noexcept;

    void note(smtp::refused_mail refused) noexcept override;

private:
    struct counted {
        std::uint64_t told = 0;
        std::uint64_t rest = 0;
    };
    /// What is to be told of this one.
    enum class telling : std::uint8_t { all, that_more_follow, nothing };

    [[nodiscard]] telling count(const peer_network& network);
    void end_minute();
    void tell_more(const peer_network& network, std::uint64_t rest);

    storage::trace_store& trace_;
    const clock& time_;
    std::mutex mutex_;
    std::int64_t minute_ = 0;
    std::uint64_t told_ = 0;
    std::uint64_t hinted_ = 0;                  // that more follow
    std::map<peer_network, counted> networks_;  // the default one: those that are not told apart
};

}  // namespace hauspost::delivery
