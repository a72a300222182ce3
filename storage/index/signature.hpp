#pragma once

#include "storage/search_index.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

/// The signature of a message: a row of bits, of which each trigram of its text sets one.
///
/// A message in which one of a needle's bits is missing does not hold the needle; one that has all
/// of them may hold it, and is read. The more bits, the fewer are read in vain. So the signature is
/// as long as the text needs: a power of two, halved as long as at most a quarter of the bits are
/// set. A bit's number is the end of a hash, so halving is laying the second half over the first.
///
/// In a long text nearly all trigrams of a language stand somewhere; there each five characters in
/// a row set a bit as well.
namespace hauspost::storage::index {

/// The fields of a message have bits of their own in the same signature.
enum class signed_field : std::uint8_t { subject, from, to, cc, header, body };

/// Before it is cut down to the length of a signature.
using bit_number = std::uint32_t;

struct signature {
    unsigned log_bits = 0;  // its length is 2^log_bits; 0: nothing is known, it may hold everything
    bool has_fives = false;
    std::vector<std::uint64_t> words;  // bit n is bit n % 64 of word n / 64
};

inline constexpr unsigned min_log_bits = 8;
inline constexpr unsigned max_log_bits = 22;

/// Octets of text from which on a signature has fives.
inline constexpr std::size_t text_with_fives = 32 * 1024;

[[nodiscard]] signature signature_of(const indexed_text& text);

/// The bits that a text which holds a needle has set.
struct needle_bits {
    std::vector<bit_number> threes, fives;
};
/// Empty: the index cannot help.
[[nodiscard]] needle_bits bits_of_needle(signed_field field, std::string_view needle);

}  // namespace hauspost::storage::index
