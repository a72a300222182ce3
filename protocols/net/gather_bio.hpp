#pragma once

#include "base/result.hpp"
#include "protocols/net/buffer_pool.hpp"

#include <openssl/bio.h>

#include <cstddef>
#include <string_view>

namespace hauspost::net {

/// The way of a TLS connection's records to and from a non-blocking socket. Written records are
/// gathered in a buffer until the owner sends them: OpenSSL alone makes one send per 16 KB. Reading
/// is a plain recv.
///
/// Calling sequence: SSL_set_bio with make_bio(); after each SSL call look at output(), send it,
/// consumed(n). When a record does not fit, OpenSSL is told to try again: send first.
class gather_bio {
public:
    /// pool  must outlive this object
    gather_bio(int descriptor, buffer_pool& pool) : descriptor_(descriptor), pool_(pool) {}
    gather_bio(const gather_bio&) = delete;
    gather_bio& operator=(const gather_bio&) = delete;

    /// The caller owns the BIO; it refers to this object, which must outlive it. nullptr: no
    /// memory.
    [[nodiscard]] BIO* make_bio();

    /// The next buffer that is taken shall hold eight records instead of one.
    void want_large(bool large) noexcept { large_ = large; }
    [[nodiscard]] std::string_view output() const noexcept {
        return {buffer_.data() + sent_, used_ - sent_};
    }
    /// The first `octets` of output() are sent. The buffer goes back when none are left.
    void consumed(std::size_t octets) noexcept;
    [[nodiscard]] bool has_room_for_record() const noexcept {
        return !buffer_ || buffer_.size() - used_ >= buffer_pool::record_octets;
    }

    [[nodiscard]] bool is_at_eof() const noexcept { return eof_; }
    /// What recv failed with, if it did.
    [[nodiscard]] error_code failure() const noexcept { return failure_; }

private:
    struct callbacks;
    int write(BIO* bio, const char* octets, int count);
    int read(BIO* bio, char* into, int count);

    int descriptor_;
    bool large_ = false;
    bool eof_ = false;
    buffer_pool& pool_;
    buffer_pool::buffer buffer_;
    std::size_t used_ = 0;
    std::size_t sent_ = 0;
    error_code failure_;
};

}  // namespace hauspost::net
