#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace hauspost::imap {

/// A pattern of LIST, made ready to be compared with many names. One comparison reads each octet of
/// the name once and goes no step back: it costs octets of the name times words(), whatever the
/// wildcards are.
class list_pattern {
public:
    static constexpr std::size_t max_name_octets = 1024;  // of others' mailboxes: 7 + 254 + 1 + 255

    /// RFC 9051 6.3.9: "*" stands for any octets, "%" for any but "/".
    /// One with more than max_name_octets other characters matches nothing: no name is so long.
    explicit list_pattern(std::string_view pattern);

    /// INBOX, and the beginning of names below it, are compared without case.
    [[nodiscard]] bool matches(std::string_view name) const;
    /// Machine words that hold all states of the comparison, one bit for each character.
    [[nodiscard]] std::size_t words() const noexcept { return wildcards_.size(); }

private:
    using bits = std::vector<std::uint64_t>;
    void set(bits& where, std::size_t state) const { where[state / 64] |= 1ull << state % 64; }
    [[nodiscard]] const bits& states_of(char c) const {
        return literals_[row_of_[static_cast<unsigned char>(c)]];
    }
    void pass_wildcards(bits& reached) const;

    // Bit n of a row speaks of the pattern's character n.
    std::vector<bits> literals_;  // which are this octet; row 0: none
    std::array<std::uint16_t, 256> row_of_{};
    bits wildcards_;
    bits stars_;
    std::size_t size_ = 0;  // characters, wildcards that stand together counted once
    std::size_t literals_count_ = 0;
};

}  // namespace hauspost::imap
