#pragma once

#include "protocols/net/stream.hpp"

#include <chrono>
#include <memory>

namespace hauspost::net {

/// A connection that can begin to compress: until start() everything goes straight through, at the
/// cost of one virtual call; after it all octets in both directions are raw deflate (RFC 1951),
/// above TLS when there is TLS.
///
/// Output is flushed with every write(), so that the peer can always read all that was written.
/// Input is inflated as it is asked for and never ahead, so however much a small input says, the
/// reader's own limits hold (B13); the peer's octets that are not inflated yet are at most 16 KiB.
/// Input that says nothing, as empty blocks, is no progress: a read's limit passes meanwhile, and a
/// peer that sends more than 16 KiB of it in a row is given up.
///
/// Memory: nothing before start(). After it some 40 KiB for the peer's window, as the peer may use
/// all of it, and 48 KiB while something is written: that goes back at the next wait_readable(),
/// which costs nothing but the memory of what was said before.
/// RFC  4978 3
class deflate_stream final : public stream {
public:
    /// inner  must outlive it
    explicit deflate_stream(stream& inner);
    ~deflate_stream() override;
    deflate_stream(const deflate_stream&) = delete;
    deflate_stream& operator=(const deflate_stream&) = delete;

    /// From here on both sides speak deflate.
    /// received  octets of the peer that were read already behind the command that asked for this
    void start(std::string_view received);
    [[nodiscard]] bool is_compressing() const noexcept { return codec_ != nullptr; }

    awaitable<result<std::size_t>> read_some(std::span<char> into, duration limit) override;
    awaitable<error_code> write(std::string_view octets, duration limit) override;
    awaitable<error_code> wait_readable(duration limit) override;
    [[nodiscard]] presence look() noexcept override { return inner_.look(); }
    void wake() noexcept override { inner_.wake(); }
    awaitable<error_code> start_tls(duration limit) override { return inner_.start_tls(limit); }
    /// No more once it compresses: what is not inflated yet would be read after the handshake as if
    /// it had come through it.
    [[nodiscard]] bool can_start_tls() const noexcept override;
    [[nodiscard]] bool is_encrypted() const noexcept override { return inner_.is_encrypted(); }
    [[nodiscard]] tls_info tls() const override { return inner_.tls(); }
    [[nodiscard]] const peer_info& peer() const noexcept override { return inner_.peer(); }
    void end_at(steady_time last_moment) noexcept override { inner_.end_at(last_moment); }
    void close() noexcept override { inner_.close(); }

private:
    class codec;

    awaitable<result<std::size_t>> inflate_some(std::span<char> into, duration limit);
    awaitable<error_code> deflate(std::string_view octets, duration limit);
    awaitable<error_code> wait_compressed(duration limit);
    awaitable<error_code> feed(std::chrono::steady_clock::time_point until);

    stream& inner_;
    std::unique_ptr<codec> codec_;
};

}  // namespace hauspost::net
