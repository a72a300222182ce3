#include "base/log_rate.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace hauspost {
namespace {

constexpr std::size_t slot_count = 8192;
constexpr std::array<std::string_view, 4> always_written{"start", "end", "message", "deliver"};

/// N of "word cid=N ...". Only there: further behind stands what peers have said.
std::optional<std::uint64_t> connection_of(std::string_view fact, std::size_t word_length) {
    constexpr std::string_view key = " cid=";
    const auto rest = fact.substr(word_length);
    if (!rest.starts_with(key)) return std::nullopt;
    std::uint64_t number = 0;
    const auto* first = rest.data() + key.size();
    if (std::from_chars(first, rest.data() + rest.size(), number).ec != std::errc{})
        return std::nullopt;
    return number;
}

}  // namespace

log_rate::log_rate() : slots_(slot_count) {}

log_rate::verdict log_rate::admit(std::string_view fact, steady_time now) {
    const auto word_length = std::min(fact.find(' '), fact.size());
    const auto connection = connection_of(fact, word_length);
    if (!connection) return {};
    auto& mine = slots_[*connection % slots_.size()];
    if (std::ranges::count(always_written, fact.substr(0, word_length)) == 0) {
        if (mine.owed_until > now + (burst - 1) * refill) {
            mine.connection = *connection;
            ++mine.left_out;
            return {false, 0, 0};
        }
        mine.owed_until = std::max(mine.owed_until, now) + refill;
    }
    return {true, mine.connection, std::exchange(mine.left_out, 0)};
}

}  // namespace hauspost
