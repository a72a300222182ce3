#pragma once

#include "base/clock.hpp"
#include "server/auth/keyed_digest.hpp"
#include "server/auth/lru_table.hpp"

#include <chrono>
#include <cstdint>
#include <mutex>
#include <vector>

namespace hauspost::auth {

/// How often somebody may try to be the owner: after some wrong tries a pause, which doubles with
/// each further one. From an IPv6 /56 three times as many, from a /48 nine times. The command line needs no
/// sign-in.
///
/// Calling sequence: begin; before the verdict is known the try counts as a wrong one, so that no
/// more run at once than are allowed. Then right, or take_back when there was no verdict. Thread: any.
class owner_throttle {
public:
    static constexpr std::uint32_t free_tries = 5;
    static constexpr std::chrono::seconds first_pause{60};
    static constexpr std::chrono::seconds longest_pause{std::chrono::hours(1)};
    static constexpr std::chrono::seconds forgotten_after{std::chrono::hours(24)};
    static constexpr std::size_t max_networks = 10'000;

    owner_throttle() : networks_(max_networks) {}

    /// networks  digests, the narrowest first
    /// Returns   how long it has to wait; 0: it may try, and the try is counted
    [[nodiscard]] std::chrono::seconds begin(const std::vector<digest>& networks, steady_time now);
    /// What was wrong from there before is forgotten.
    /// Returns  whether there had been a pause
    bool right(const std::vector<digest>& networks);
    /// As if the try had not been.
    void take_back(const std::vector<digest>& networks);
    /// So many tries are left before the next pause; 0: there is one.
    [[nodiscard]] std::uint32_t tries_left(const std::vector<digest>& networks);

    /// A network that has to wait.
    struct pause {
        std::size_t network = 0;  // which
        std::uint32_t tries = 0;
        std::chrono::seconds left{};
    };
    [[nodiscard]] std::vector<pause> pauses(const std::vector<digest>& networks, steady_time now);
    /// One of before.
    /// closed  until then nobody may try; may be over
    void take_up(const digest& network, std::uint32_t tries, steady_time closed);
    void lift(const digest& network);

private:
    struct counter {
        std::uint32_t tries = 0;
        steady_time last;    // try
        steady_time closed;  // until then nobody may try
    };

    std::mutex mutex_;
    lru_table<counter> networks_;
};

}  // namespace hauspost::auth
