#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "server/auth/lockout.hpp"
#include "storage/ban_store.hpp"

#include <chrono>
#include <vector>

namespace hauspost::auth {

/// A ban that is taken up again, by steady time: a clock that is set has no part in it.
struct known_ban {
    known_ban() = default;
    storage::ban row;
    std::chrono::seconds left{};  // negative: it has been over for so long
};

/// Bans on their way between those who refuse, who go by steady time, and the rows of the store.
///
/// Lifetime: both must outlive it. Thread: any.
class ban_book {
public:
    ban_book(storage::ban_store& rows, const clock& time) : rows_(rows), time_(time) {}

    /// It begins now.
    void note(storage::ban row, std::chrono::seconds lasts) noexcept;
    void note(storage::ban_name name, const new_ban& made, std::chrono::seconds lasts);
    void note_end(storage::ban_name name) noexcept { rows_.note_end(std::move(name)); }

    /// None lasts longer from now on than it was to last in all, also where the clock stands at 1970.
    awaitable<std::vector<known_ban>> read();
    [[nodiscard]] known_ban at_present(storage::ban row) const;

private:
    [[nodiscard]] std::int64_t now() const;

    storage::ban_store& rows_;
    const clock& time_;
};

}  // namespace hauspost::auth
