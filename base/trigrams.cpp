#include "base/trigrams.hpp"

#include <algorithm>

namespace hauspost {

std::uint32_t trigrams_detail::take_long(std::string_view& text) noexcept {
    const auto octet = [&text](std::size_t n) { return static_cast<unsigned char>(text[n]); };
    const auto first = octet(0);
    std::size_t length = 0;
    if (first >= 0xf0)
        length = 4;
    else if (first >= 0xe0)
        length = 3;
    else if (first >= 0xc0)
        length = 2;
    if (length == 0 || length > text.size()) {
        text.remove_prefix(1);
        return 0x110000u + first;
    }
    std::uint32_t value = first & (0x7fu >> length);
    for (std::size_t n = 1; n < length; ++n)
        value = value << 6 | (octet(n) & 0x3fu);
    text.remove_prefix(length);
    return value;
}

std::vector<trigram> trigrams_of_needle(std::string_view needle) {
    if (needle.find_first_of("\r\n") != std::string_view::npos) return {};
    std::vector<trigram> all;
    for_each_trigram(needle, [&all](trigram three, unsigned) { all.push_back(three); });
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    if (all.size() <= max_trigrams_of_needle) return all;
    std::vector<trigram> some;  // from all of them alike
    for (std::size_t n = 0; n < max_trigrams_of_needle; ++n)
        some.push_back(all[n * all.size() / max_trigrams_of_needle]);
    return some;
}

std::size_t count_trigrams(std::string_view text, const std::vector<trigram>& wanted) {
    std::vector<bool> met(wanted.size());
    for_each_trigram(text, [&](trigram three, unsigned) {
        const auto at = std::lower_bound(wanted.begin(), wanted.end(), three);
        if (at != wanted.end() && *at == three)
            met[static_cast<std::size_t>(at - wanted.begin())] = true;
    });
    return static_cast<std::size_t>(std::count(met.begin(), met.end(), true));
}

}  // namespace hauspost
