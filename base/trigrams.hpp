#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

/// Three characters in a row: what is known of a text by whoever wants to know quickly whether
/// another text may stand in it, or how alike it is.
///
/// A text that holds a needle holds all trigrams of the needle, whatever script it is in and
/// wherever the needle begins. Trigrams do not reach over white space and controls: those would be
/// a third of all, and say little.
namespace hauspost {

/// Three code points of 21 bits, the first one highest: their order is that of their UTF-8.
using trigram = std::uint64_t;

namespace trigrams_detail {

inline constexpr unsigned bits_of_code_point = 21;
inline constexpr trigram mask = (trigram{1} << (3 * bits_of_code_point)) - 1;

/// Takes a code point of several octets off the front of well-formed UTF-8. A stray octet counts
/// as one, above all real ones.
[[nodiscard]] std::uint32_t take_long(std::string_view& text) noexcept;

}  // namespace trigrams_detail

/// Calls use(trigram, how many characters stand in a row up to its end) for each place of a text.
/// text  UTF-8; octets that are none are taken one by one
template <class Use>
void for_each_trigram(std::string_view text, Use use) {
    trigram last = 0;
    unsigned run = 0;
    while (!text.empty()) {
        std::uint32_t point = static_cast<unsigned char>(text.front());
        if (point < 0x80)
            text.remove_prefix(1);
        else
            point = trigrams_detail::take_long(text);
        if (point <= 0x20 || point == 0x7f) {
            run = 0;
            continue;
        }
        last = (last << trigrams_detail::bits_of_code_point | point) & trigrams_detail::mask;
        if (++run >= 3) use(last, run);
    }
}

/// The trigrams of a needle, ascending, each once, at most max_trigrams_of_needle of them.
/// Empty: it has no three characters in a row, or a line end: it may then match where two texts
/// meet.
[[nodiscard]] std::vector<trigram> trigrams_of_needle(std::string_view needle);
inline constexpr std::size_t max_trigrams_of_needle = 64;

/// A text is alike that has so many of a needle's trigrams: three of five. RFC 6203 2
[[nodiscard]] constexpr std::size_t least_alike(std::size_t trigrams) noexcept {
    return (trigrams * 3 + 4) / 5;
}

/// How many of these the text has.
/// wanted  as trigrams_of_needle() gives them
[[nodiscard]] std::size_t count_trigrams(std::string_view text, const std::vector<trigram>& wanted);

}  // namespace hauspost
