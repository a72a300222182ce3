#include "protocols/smtp/server/conduct.hpp"

namespace hauspost::smtp {
namespace {

/// A limit that is off stays off under stress.
std::size_t limit_now(std::size_t usual, std::size_t under_stress, bool is_stressed) noexcept {
    return is_stressed && usual != no_limit<std::size_t> ? under_stress : usual;
}

}  // namespace

conduct::reaction conduct::note_bad_command(bool is_stressed) noexcept {
    ++bad_commands_;
    const auto most =
        limit_now(limits_.hard_bad_commands, limits_.stress_bad_commands, is_stressed);
    if (bad_commands_ >= most) return reaction::close;
    return bad_commands_ >= limits_.soft_bad_commands ? reaction::answer_late : reaction::answer;
}

bool conduct::note_idle_command(bool is_stressed) noexcept {
    ++idle_commands_;
    return idle_commands_ <=
           limit_now(limits_.max_idle_commands, limits_.stress_idle_commands, is_stressed);
}

void conduct::note_message() noexcept {
    ++messages_;
    bad_commands_ = 0;
    idle_commands_ = 0;
}

}  // namespace hauspost::smtp
