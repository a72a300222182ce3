#include "protocols/net/socket_stream.hpp"

#include "protocols/net/by_value.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace hauspost::net {
namespace {

/// A peer that is as fast as we are must not keep its thread for itself.
constexpr std::size_t max_work_without_wait = std::size_t{1} << 20;  // octets
constexpr std::size_t cost_of_call =
    512;  // in octets: a recv of one takes as long as copying these
/// Input thrown away when a connection is closed, so that the kernel need not answer it by a reset
/// that would overtake the last reply.
constexpr std::size_t max_drained_octets = std::size_t{256} << 10;

attempt failed(error_code ec) {
    attempt made;
    made.ec = ec;
    return made;
}

attempt must_wait(attempt::next reason) {
    attempt made;
    made.then = reason;
    return made;
}

/// Of recv and send.
attempt judge(ssize_t returned, attempt::next reason) {
    if (returned < 0) {
        if (errno == EAGAIN || errno == EWOULDBLOCK) return must_wait(reason);
        return failed(error_code(errno, boost::system::system_category()));
    }
    attempt made;
    made.octets = static_cast<std::size_t>(returned);
    return made;
}

attempt receive(int descriptor, std::span<char> into, int flags) {
    ssize_t got = 0;
    do {
        got = ::recv(descriptor, into.data(), into.size(), flags);
    } while (got < 0 && errno == EINTR);
    if (got == 0 && !into.empty()) return failed(asio::error::eof);
    return judge(got, attempt::next::wait_read);
}

}  // namespace

/// Begins an operation: its deadline is set by the first wait and taken back at the end.
class socket_stream::limited {
public:
    explicit limited(socket_stream& stream) noexcept : stream_(stream) { stream_.expired_ = false; }
    ~limited() { stream_.disarm(); }
    limited(const limited&) = delete;
    limited& operator=(const limited&) = delete;

private:
    socket_stream& stream_;
};

socket_stream::socket_stream(io_loop& loop,
                             socket_type connected,
                             peer_info peer,
                             const tls_endpoint* tls)
    : loop_(loop), socket_(std::move(connected)), tls_endpoint_(tls), peer_(std::move(peer)) {
    socket_.non_blocking(true);
    error_code ignored;  // replies are gathered by their writers; a socket without it still works
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

socket_stream::~socket_stream() {
    close();
}

void socket_stream::on_deadline() noexcept {
    expired_ = true;
    error_code ignored;
    socket_.cancel(ignored);
}

attempt socket_stream::try_send(std::string_view octets) {
    ssize_t sent = 0;
    do {
        sent = ::send(socket_.native_handle(), octets.data(), octets.size(), MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return judge(sent, next::wait_write);
}

/// Sends what TLS has gathered. done without error: all of it.
attempt socket_stream::try_flush() {
    auto& bio = tls_->bio();
    while (!bio.output().empty()) {
        const auto sent = try_send(bio.output());
        if (sent.ec || sent.then != next::done) return sent;
        bio.consumed(sent.octets);
    }
    return {};
}

/// Any step of TLS may have to send before it can go on: handshake, key update, alert.
template <class Step>
attempt socket_stream::through_tls(Step step) {
    for (;;) {
        if (!socket_.is_open()) return failed(asio::error::bad_descriptor);
        const attempt made = step(*tls_);
        const attempt flushed = try_flush();
        if (made.then == next::done) return made;
        if (flushed.ec || flushed.then != next::done) return flushed;
        if (made.then == next::wait_read) return made;
        // It wanted room for its output, and has it now.
    }
}

attempt socket_stream::try_read(std::span<char> into) {
    if (tls_) return through_tls([into](tls_layer& tls) { return tls.read(into); });
    return receive(socket_.native_handle(), into, 0);
}

attempt socket_stream::try_peek() {
    if (tls_) return through_tls([](tls_layer& tls) { return tls.peek(); });
    std::array<char, 1> octet;
    return receive(socket_.native_handle(), octet, MSG_PEEK);
}

/// Encrypts and sends one buffer full, or sends what is left in it when octets is empty.
attempt socket_stream::try_write_tls(std::string_view octets) {
    if (!socket_.is_open()) return failed(asio::error::bad_descriptor);
    auto& bio = tls_->bio();
    bio.want_large(octets.size() > SSL3_RT_MAX_PLAIN_LENGTH);
    attempt made;
    std::size_t taken = 0;
    while (taken < octets.size() && bio.has_room_for_record()) {
        made = tls_->write(octets.substr(taken));
        if (made.ec || made.then != next::done) break;
        taken += made.octets;
    }
    const attempt flushed = try_flush();
    if (!made.ec && (flushed.ec || flushed.then != next::done)) made = flushed;
    // What was only short of room has it now: the caller comes again.
    if (made.then == next::wait_write && flushed.then == next::done) made.then = next::done;
    made.octets = taken;
    return made;
}

/// Waits for the socket. The limit counts from the first wait after the deadline was taken back.
awaitable<error_code> socket_stream::wait(next reason, duration limit) {
    if (expired_) co_return asio::error::timed_out;
    if (last_moment_ != steady_time::max()) {
        const auto left = last_moment_ - std::chrono::steady_clock::now();
        if (left <= duration::zero()) co_return asio::error::timed_out;
        limit = std::min(limit, left);
    }
    if (!is_armed()) loop_.deadlines().arm(*this, limit);
    work_without_wait_ = 0;
    const auto what = reason == next::wait_read ? socket_type::wait_read : socket_type::wait_write;
    const auto [ec] = co_await socket_.async_wait(what, by_value);
    if (ec == asio::error::operation_aborted && expired_) co_return asio::error::timed_out;
    co_return ec;
}

/// True when it is time to let other connections of the thread run.
bool socket_stream::is_greedy(std::size_t octets) noexcept {
    work_without_wait_ += octets + cost_of_call;
    if (work_without_wait_ < max_work_without_wait) return false;
    work_without_wait_ = 0;
    return true;
}

awaitable<result<std::size_t>> socket_stream::read_some(std::span<char> into, duration limit) {
    const limited operation(*this);
    for (;;) {
        const attempt made = try_read(into);
        if (made.ec) co_return made.ec;
        if (made.then == next::done) {
            if (is_greedy(made.octets))
                co_await asio::post(socket_.get_executor(), asio::use_awaitable);
            co_return made.octets;
        }
        const auto ec = co_await wait(made.then, limit);
        if (ec) co_return ec;
    }
}

awaitable<error_code> socket_stream::write(std::string_view octets, duration limit) {
    const limited operation(*this);
    for (;;) {
        const attempt made = tls_ ? try_write_tls(octets) : try_send(octets);
        if (made.ec) co_return made.ec;
        octets.remove_prefix(made.octets);
        if (made.then != next::done) {
            const auto ec = co_await wait(made.then, limit);
            if (ec) co_return ec;
            disarm();  // the peer took some: the limit begins anew
        } else if (octets.empty()) {
            co_return error_code();
        } else if (is_greedy(made.octets)) {
            co_await asio::post(socket_.get_executor(), asio::use_awaitable);
        }
    }
}

awaitable<error_code> socket_stream::wait_readable(duration limit) {
    const limited operation(*this);
    // Under TLS a readable socket may hold no data for the caller, so look before saying so; but
    // looking into an empty socket costs OpenSSL a buffer, so not before the first wait.
    bool look = !tls_ || tls_->has_pending();
    for (;;) {
        if (std::exchange(woken_, false)) co_return asio::error::operation_aborted;
        const attempt made = look ? try_peek() : must_wait(next::wait_read);
        if (made.ec || made.then == next::done) co_return made.ec;
        idling_ = true;
        const auto ec = co_await wait(made.then, limit);
        idling_ = false;
        if (ec && !woken_) co_return ec;
        look = true;
    }
}

presence socket_stream::look() noexcept {
    if (!socket_.is_open()) return presence::gone;
    pollfd asked{socket_.native_handle(), POLLRDHUP, 0};
    // What cannot be asked now is taken for there: the next read or write tells.
    if (::poll(&asked, 1, 0) <= 0) return presence::there;
    if ((asked.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0) return presence::gone;
    return presence::half_closed;
}

void socket_stream::wake() noexcept {
    woken_ = true;
    error_code ignored;
    if (idling_) socket_.cancel(ignored);
}

awaitable<error_code> socket_stream::start_tls(duration limit) {
    if (!can_start_tls()) co_return asio::error::operation_not_supported;
    const limited operation(*this);
    tls_ = std::make_unique<tls_layer>(tls_endpoint_->begin(), socket_.native_handle(),
                                       loop_.buffers());
    for (;;) {
        const attempt made = through_tls([](tls_layer& tls) { return tls.handshake(); });
        if (made.ec || made.then == next::done) co_return made.ec;
        const auto ec = co_await wait(made.then, limit);
        if (ec) co_return ec;
    }
}

tls_info socket_stream::tls() const {
    return is_encrypted() ? tls_->info() : tls_info{};
}

void socket_stream::close() noexcept {
    if (!socket_.is_open()) return;
    if (tls_) {
        tls_->shut_down();
        try_flush();  // what does not fit into the socket now is not waited for
    }
    error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
    drain();
    socket_.close(ignored);
}

/// A socket closed with unread input answers by a reset, and that may destroy our last reply before
/// the peer has read it.
void socket_stream::drain() noexcept {
    std::array<char, 4096> ignored;
    for (std::size_t drained = 0; drained < max_drained_octets;) {
        const auto got = receive(socket_.native_handle(), ignored, 0);
        if (got.ec || got.then != next::done) return;
        drained += got.octets;
    }
}

}  // namespace hauspost::net
