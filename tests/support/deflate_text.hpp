#pragma once

#include <string>
#include <string_view>

namespace hauspost::test {

/// One side of a compressed connection, as a client is it: raw deflate, flushed with each text.
class deflate_peer {
public:
    deflate_peer();
    ~deflate_peer();
    deflate_peer(const deflate_peer&) = delete;
    deflate_peer& operator=(const deflate_peer&) = delete;

    [[nodiscard]] std::string deflate(std::string_view text);
    /// What can be read of these octets and those before. Throws when they are no deflate.
    [[nodiscard]] std::string inflate(std::string_view octets);

private:
    struct state;
    state* state_;
};

}  // namespace hauspost::test
