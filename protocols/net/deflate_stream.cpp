#include "protocols/net/deflate_stream.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/errc.hpp>
#include <zlib.h>

#include <algorithm>
#include <chrono>
#include <new>
#include <string>
#include <utility>

namespace hauspost::net {
namespace {

constexpr std::size_t input_octets = 16 * 1024;
constexpr std::size_t output_octets = 16 * 1024;
constexpr int peer_window_bits = -15;  // raw, as large as a peer may use
constexpr int own_window_bits = -12;   // 4 KiB: answers of IMAP repeat what is near
constexpr int own_memory_level = 6;    // with the window some 48 KiB
constexpr int own_effort = 3;          // some 80 MB/s: a network thread is not held up
// Octets that one call deflates before others get the thread: about 0.8 ms.
constexpr std::size_t step_octets = 64 * 1024;
// A flush is 5 octets and the head of a block at most some 300: who sends more in a row of which
// nothing comes out sends empty blocks to keep us busy (B13).
constexpr std::size_t max_silent_octets = 16 * 1024;

}  // namespace

/// Both directions. What is not needed is not held.
class deflate_stream::codec {
public:
    codec() {
        if (inflateInit2(&in_, peer_window_bits) != Z_OK) throw std::bad_alloc();
    }
    ~codec() {
        inflateEnd(&in_);
        release_output();
    }
    codec(const codec&) = delete;
    codec& operator=(const codec&) = delete;

    /// Octets of the peer; only when has_input() is false. The text is kept until it is inflated.
    void feed(std::string octets) {
        input_ = std::move(octets);
        silent_octets_ += input_.size();
        in_.next_in = reinterpret_cast<Bytef*>(input_.data());
        in_.avail_in = static_cast<uInt>(input_.size());
    }
    /// May inflate give something without being fed?
    [[nodiscard]] bool has_input() const noexcept { return in_.avail_in > 0 || has_more_; }

    /// What was fed since something came out.
    [[nodiscard]] std::size_t silent_octets() const noexcept { return silent_octets_; }

    /// Returns how much came out; 0: feed. An error when the octets are no deflate, or the stream
    /// was ended.
    result<std::size_t> inflate_into(std::span<char> into) {
        in_.next_out = reinterpret_cast<Bytef*>(into.data());
        in_.avail_out = static_cast<uInt>(std::min<std::size_t>(into.size(), 1u << 30));
        const auto room = in_.avail_out;
        const int status = ::inflate(&in_, Z_SYNC_FLUSH);
        const auto count = room - in_.avail_out;
        // A full buffer may mean that more is ready inside.
        has_more_ = in_.avail_out == 0;
        if (in_.avail_in == 0) std::string().swap(input_);
        if (count > 0) {
            silent_octets_ = 0;
            return std::size_t{count};
        }
        if (status == Z_OK || status == Z_BUF_ERROR) return std::size_t{0};
        if (status == Z_STREAM_END) return error_code(asio::error::eof);
        return boost::system::errc::make_error_code(boost::system::errc::protocol_error);
    }

    /// One octet ahead of the reader.
    [[nodiscard]] bool has_octet() const noexcept { return has_octet_; }
    result<std::size_t> inflate_octet() {
        const std::span<char> into(&octet_, 1);
        const auto count = inflate_into(into);
        has_octet_ = count && *count == 1;
        return count;
    }
    char take_octet() noexcept {
        has_octet_ = false;
        return octet_;
    }

    void begin_deflate(std::string_view octets, bool is_last) {
        if (!is_deflating_) {
            if (deflateInit2(&out_, own_effort, Z_DEFLATED, own_window_bits, own_memory_level,
                             Z_DEFAULT_STRATEGY) != Z_OK)
                throw std::bad_alloc();
            is_deflating_ = true;
        }
        // zlib reads through it only, but has no const.
        out_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(octets.data()));
        out_.avail_in = static_cast<uInt>(octets.size());
        flush_ = is_last ? Z_SYNC_FLUSH : Z_NO_FLUSH;
        is_flushed_ = false;
    }
    /// The next deflated octets; "" when all is out. The view lives until the next call.
    std::string_view deflated(std::span<char> scratch) {
        if (is_flushed_) return {};
        out_.next_out = reinterpret_cast<Bytef*>(scratch.data());
        out_.avail_out = static_cast<uInt>(scratch.size());
        // Z_BUF_ERROR says only that there was nothing left to do.
        ::deflate(&out_, flush_);
        is_flushed_ = out_.avail_out > 0;
        return {scratch.data(), scratch.size() - out_.avail_out};
    }

    /// After a flush the stream stands at an octet's border, and a fresh compressor that knows
    /// nothing of what went before can go on.
    void release_output() noexcept {
        if (is_deflating_) deflateEnd(&out_);
        is_deflating_ = false;
    }

private:
    z_stream in_{}, out_{};
    std::string input_;
    std::size_t silent_octets_ = 0;
    char octet_ = 0;
    bool has_octet_ = false;
    bool has_more_ = false;
    bool is_deflating_ = false;
    bool is_flushed_ = true;
    int flush_ = Z_SYNC_FLUSH;
};

deflate_stream::deflate_stream(stream& inner) : inner_(inner) {}
deflate_stream::~deflate_stream() = default;

void deflate_stream::start(std::string_view received) {
    codec_ = std::make_unique<codec>();
    if (!received.empty()) codec_->feed(std::string(received));
}

bool deflate_stream::can_start_tls() const noexcept {
    return !is_compressing() && inner_.can_start_tls();
}

awaitable<result<std::size_t>> deflate_stream::read_some(std::span<char> into, duration limit) {
    if (!codec_) return inner_.read_some(into, limit);
    return inflate_some(into, limit);
}

awaitable<error_code> deflate_stream::write(std::string_view octets, duration limit) {
    if (!codec_) return inner_.write(octets, limit);
    return deflate(octets, limit);
}

awaitable<error_code> deflate_stream::wait_readable(duration limit) {
    if (!codec_) return inner_.wait_readable(limit);
    return wait_compressed(limit);
}

awaitable<result<std::size_t>> deflate_stream::inflate_some(std::span<char> into, duration limit) {
    if (into.empty()) co_return std::size_t{0};
    const auto until = std::chrono::steady_clock::now() + limit;
    std::size_t count = 0;
    if (codec_->has_octet()) into[count++] = codec_->take_octet();
    for (;;) {
        if (codec_->has_input() && count < into.size()) {
            const auto more = codec_->inflate_into(into.subspan(count));
            // A fault behind what is good comes with the next call.
            if (!more && count == 0) co_return more;
            if (more) count += *more;
        }
        if (count > 0) co_return count;
        const auto failed = co_await feed(until);
        if (failed) co_return failed;
    }
}

awaitable<error_code> deflate_stream::deflate(std::string_view octets, duration limit) {
    const auto scratch = std::make_unique_for_overwrite<char[]>(output_octets);
    const std::span<char> buffer(scratch.get(), output_octets);
    while (!octets.empty()) {
        const auto step = octets.substr(0, step_octets);
        octets.remove_prefix(step.size());
        codec_->begin_deflate(step, octets.empty());
        for (;;) {
            const auto ready = codec_->deflated(buffer);
            if (ready.empty()) break;
            const auto failed = co_await inner_.write(ready, limit);
            if (failed) co_return failed;
        }
    }
    co_return error_code();
}

/// Readable is what gives an octet at least: the end of a peer's flush may come in a packet of its
/// own and say nothing. A reader who was sent to wait for that in read_some could not be woken.
awaitable<error_code> deflate_stream::wait_compressed(duration limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    while (!codec_->has_octet()) {
        if (codec_->has_input()) {
            const auto count = codec_->inflate_octet();
            if (!count) co_return count.error();
            continue;
        }
        codec_->release_output();
        const auto left = until - std::chrono::steady_clock::now();
        if (left.count() <= 0) co_return make_error_code(asio::error::timed_out);
        const auto failed = co_await inner_.wait_readable(left);
        if (failed) co_return failed;
        const auto fed = co_await feed(until);
        if (fed) co_return fed;
    }
    co_return error_code();
}

awaitable<error_code> deflate_stream::feed(std::chrono::steady_clock::time_point until) {
    if (codec_->silent_octets() > max_silent_octets)
        co_return boost::system::errc::make_error_code(boost::system::errc::protocol_error);
    const auto left = until - std::chrono::steady_clock::now();
    if (left.count() <= 0) co_return make_error_code(asio::error::timed_out);
    std::string octets(input_octets, '\0');
    const std::span<char> buffer(octets);
    const auto got = co_await inner_.read_some(buffer, left);
    if (!got) co_return got.error();
    octets.resize(*got);
    octets.shrink_to_fit();
    codec_->feed(std::move(octets));
    co_return error_code();
}

}  // namespace hauspost::net
