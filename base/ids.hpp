#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace hauspost {

/// A number that cannot be mistaken for another kind of number. 0 is "none" for all our ids.
template <class Tag, class Rep>
class strong_id {
public:
    using rep = Rep;
    constexpr strong_id() noexcept = default;
    constexpr explicit strong_id(Rep number) noexcept : value_(number) {}
    [[nodiscard]] constexpr Rep value() const noexcept { return value_; }
    constexpr explicit operator bool() const noexcept { return value_ != 0; }
    friend constexpr auto operator<=>(strong_id, strong_id) noexcept = default;

private:
    Rep value_ = 0;
};

using uid = strong_id<struct uid_tag, std::uint32_t>;                    // RFC 9051 2.3.1.1
using uid_validity = strong_id<struct uid_validity_tag, std::uint32_t>;  // RFC 9051 2.3.1.1
using modseq = strong_id<struct modseq_tag, std::uint64_t>;              // RFC 7162 3.1, below 2^63
using account_id = strong_id<struct account_id_tag, std::uint32_t>;      // ours, never on the wire
using mailbox_id = strong_id<struct mailbox_id_tag, std::uint32_t>;  // ours, unique in an account
using blob_id = strong_id<struct blob_id_tag, std::uint64_t>;    // ours, the octets of a message
using queue_id = strong_id<struct queue_id_tag, std::uint64_t>;  // ours, shown to the operator
using connection_id =
    strong_id<struct connection_id_tag, std::uint64_t>;  // ours, in every log line

}  // namespace hauspost

template <class Tag, class Rep>
struct std::hash<hauspost::strong_id<Tag, Rep>> {
    std::size_t operator()(hauspost::strong_id<Tag, Rep> id) const noexcept {
        return std::hash<Rep>{}(id.value());
    }
};
