#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

// OpenSSL's own name of its hash state.
using EVP_MD_CTX = struct evp_md_ctx_st;

namespace hauspost::dkim {

/// SHA-256 of octets that come in pieces. Throws std::runtime_error when OpenSSL has no room.
class sha256 {
public:
    static constexpr std::size_t octets = 32;

    sha256();
    sha256(sha256&& other) noexcept;
    sha256& operator=(sha256&&) = delete;
    ~sha256();

    void feed(std::string_view piece);
    /// The hash of all that was fed; to be asked for once.
    [[nodiscard]] std::string finish();

private:
    void pass(std::string_view piece);

    EVP_MD_CTX* state_;
    // Small pieces are gathered: each call of OpenSSL costs as much as hashing a hundred octets.
    std::array<char, 1024> gathered_;
    std::size_t gathered_octets_ = 0;
};

[[nodiscard]] std::string sha256_of(std::string_view text);

}  // namespace hauspost::dkim
