#include "base/siphash.hpp"

#include "base/octets.hpp"
#include "base/random.hpp"

#include <bit>

namespace hauspost {
namespace {

class sip_state {
public:
    explicit sip_state(const siphash_key& key) noexcept
        : a_(key[0] ^ 0x736f6d6570736575u),
          b_(key[1] ^ 0x646f72616e646f6du),
          c_(key[0] ^ 0x6c7967656e657261u),
          d_(key[1] ^ 0x7465646279746573u) {}

    void add(std::uint64_t word) noexcept {
        d_ ^= word;
        round();
        round();
        a_ ^= word;
    }
    [[nodiscard]] std::uint64_t end() noexcept {
        c_ ^= 0xff;
        for (int n = 0; n < 4; ++n)
            round();
        return a_ ^ b_ ^ c_ ^ d_;
    }

private:
    void round() noexcept {
        a_ += b_;
        b_ = std::rotl(b_, 13) ^ a_;
        a_ = std::rotl(a_, 32);
        c_ += d_;
        d_ = std::rotl(d_, 16) ^ c_;
        a_ += d_;
        d_ = std::rotl(d_, 21) ^ a_;
        c_ += b_;
        b_ = std::rotl(b_, 17) ^ c_;
        c_ = std::rotl(c_, 32);
    }
    std::uint64_t a_, b_, c_, d_;
};

}  // namespace

std::uint64_t siphash(const siphash_key& key, std::string_view octets) noexcept {
    sip_state state(key);
    const auto whole = octets.size() / 8 * 8;
    for (std::size_t at = 0; at < whole; at += 8)
        state.add(load_le<std::uint64_t>(octets.data() + at));
    auto last = std::uint64_t{octets.size()} << 56;
    for (std::size_t at = whole; at < octets.size(); ++at)
        last |= std::uint64_t{static_cast<unsigned char>(octets[at])} << (8 * (at - whole));
    state.add(last);
    return state.end();
}

siphash_key random_siphash_key() {
    return {random::number(), random::number()};
}

}  // namespace hauspost
