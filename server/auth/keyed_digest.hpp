#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

namespace hauspost::auth {

using digest = std::array<unsigned char, 32>;

/// For hash tables: a digest is random enough by itself, so nobody can choose keys that collide.
struct digest_hash {
    std::size_t operator()(const digest& d) const noexcept {
        std::size_t number;
        std::memcpy(&number, d.data(), sizeof(number));
        return number;
    }
};

/// HMAC-SHA256 (RFC 2104) under a random key that lives as long as this object: what passwords and
/// names become before they stand in a table. Thread: any.
class keyed_digest {
public:
    keyed_digest();
    ~keyed_digest();
    keyed_digest(const keyed_digest&) = delete;
    keyed_digest& operator=(const keyed_digest&) = delete;

    /// Of all parts with their lengths: ("a", "bc") and ("ab", "c") differ.
    [[nodiscard]] digest operator()(std::initializer_list<std::string_view> parts) const;

private:
    std::string key_;
};

}  // namespace hauspost::auth
