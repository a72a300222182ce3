#include "protocols/sessions/channel.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>

namespace hauspost::sessions {
namespace {

constexpr std::size_t line_octets_at_once = 4 * 1024;
constexpr std::size_t min_room_octets = 1024;  // so that few octets are moved for each read

}  // namespace

void channel::lose(error_code why) {
    if (is_open_) why_lost_ = why;
    is_open_ = false;
    out_.clear();
}

awaitable<bool> channel::flush() {
    if (!is_open_) out_.clear();
    if (out_.empty()) co_return is_open_;
    waits_ = waiting::for_output;
    moved_at_ = time_.now();
    const auto failed = co_await peer_.write(out_, settings_.write_timeout);
    waits_ = waiting::no;
    moved_at_ = time_.now();
    if (failed) {
        lose(failed);
        co_return false;
    }
    octets_out_ += out_.size();
    out_.clear();
    co_return true;
}

input channel::outcome_of(error_code failed) {
    if (!failed) return input::octets;
    if (failed == asio::error::operation_aborted) return input::woken;
    if (failed == asio::error::timed_out) return input::timed_out;
    lose(failed);
    return input::lost;
}

awaitable<input> channel::wait(steady_time until) {
    const bool is_written = co_await flush();
    if (!is_written) co_return input::lost;
    const auto left = until - time_.now();
    // A peer that always has one more octet for us must not outrun the limit.
    if (left <= net::stream::duration::zero()) co_return input::timed_out;
    waits_ = waiting::for_input;
    const auto failed = co_await peer_.wait_readable(left);
    waits_ = waiting::no;
    co_return outcome_of(failed);
}

awaitable<input> channel::read(wire::line_reader& into, std::size_t room, steady_time until) {
    into.release();
    const auto came = co_await wait(until);
    if (came != input::octets) co_return came;
    const auto left = std::max(until - time_.now(), net::stream::duration::zero());
    const auto got = co_await peer_.read_some(into.room(room), left);
    if (!got) co_return outcome_of(got.error());
    moved_at_ = time_.now();
    octets_in_ += *got;
    into.added(*got);
    co_return input::octets;
}

awaitable<input> channel::read_lines(wire::line_reader& into, steady_time until) {
    const bool is_written = co_await flush();
    if (!is_written) co_return input::lost;
    out_.shrink_to_fit();
    const auto room = into.is_empty() ? line_octets_at_once : min_room_octets;
    co_return co_await read(into, room, until);
}

}  // namespace hauspost::sessions
