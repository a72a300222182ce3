#include "protocols/imap/session/core/channel.hpp"

#include <algorithm>

namespace hauspost::imap {
namespace {

// How much output is gathered before it is written. At most one message's lines more are held, so
// a client that reads slowly costs some 256 KiB, however much it has asked for.
constexpr std::size_t full_output_octets = 128 * 1024;

constexpr std::size_t min_room_octets = 1024;  // so that few octets are moved for each read

}  // namespace

channel::channel(net::stream& peer, const session_config& config, const monotonic_clock& time)
    : peer_(peer),
      config_(config),
      time_(time),
      input_(config.limits),
      turn_(net::lane_of(peer.peer().address), config.turn) {}

awaitable<bool> channel::flush() {
    if (!is_open_) out_.clear();
    if (out_.empty()) co_return is_open_;
    const auto failed = co_await peer_.write(out_, config_.write_timeout);
    // No BYE to who reads nothing: the socket takes nothing more, that is why we are here, and what
    // it took may have ended in the middle of a line or of a TLS record.
    if (failed) {
        lose(failed);
        co_return false;
    }
    octets_out_ += out_.size();
    out_.clear();
    written_at_ = now();
    co_return true;
}

awaitable<bool> channel::make_room() {
    if (is_open_ && out_.size() < full_output_octets) co_return true;
    if (turn_.is_over()) co_await turn_.yield();
    co_return co_await flush();
}

awaitable<error_code> channel::read_octets(std::size_t at_most, net::stream::duration limit) {
    const auto few = std::min(at_most, min_room_octets);
    const auto room = input_.room(input_.buffered() == 0 ? at_most : few);
    const auto got = co_await peer_.read_some(room.first(std::min(room.size(), at_most)), limit);
    if (!got) co_return got.error();
    octets_in_ += *got;
    input_.added(*got);
    co_return error_code();
}

void channel::release_memory() {
    out_.shrink_to_fit();
    input_.release_memory();
}

void channel::lose(error_code why) {
    is_open_ = false;
    if (!why_lost_) why_lost_ = why;
    out_.clear();
}

}  // namespace hauspost::imap
