#include "server/auth/ban_book.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::auth {

std::int64_t ban_book::now() const {
    return std::chrono::system_clock::to_time_t(time_.now());
}

void ban_book::note(storage::ban row, std::chrono::seconds lasts) noexcept {
    row.begun_at = now();
    row.ends_at = row.begun_at + lasts.count();
    rows_.note(std::move(row));
}

void ban_book::note(storage::ban_name name, const new_ban& made, std::chrono::seconds lasts) {
    storage::ban row;
    row.name = std::move(name);
    row.passwords = made.passwords;
    row.times = made.times;
    row.tried = made.tried;
    note(std::move(row), lasts);
}

known_ban ban_book::at_present(storage::ban row) const {
    known_ban made;
    const auto all = std::max<std::int64_t>(0, row.ends_at - row.begun_at);
    made.left = std::chrono::seconds(std::min(row.ends_at - now(), all));
    made.row = std::move(row);
    return made;
}

awaitable<std::vector<known_ban>> ban_book::read() {
    std::vector<known_ban> all;
    for (auto& row : co_await rows_.list())
        all.push_back(at_present(std::move(row)));
    co_return all;
}

}  // namespace hauspost::auth
