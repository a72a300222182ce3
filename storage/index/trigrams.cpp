#include "storage/index/trigrams.hpp"

#include <algorithm>

namespace hauspost::storage::index {
namespace {

constexpr unsigned bits_of_code_point = 21;
constexpr std::uint64_t last_code_point = (1u << bits_of_code_point) - 1;
constexpr trigram trigram_mask = (trigram{1} << (3 * bits_of_code_point)) - 1;
// So many new ones are gathered before they are sorted in.
constexpr std::size_t gather = 128 * 1024;

/// Takes one code point off the front of well-formed UTF-8. A stray octet counts as one, above all
/// real ones.
std::uint32_t take_code_point(std::string_view& text) noexcept {
    const auto octet = [&text](std::size_t n) { return static_cast<unsigned char>(text[n]); };
    const auto first = octet(0);
    std::size_t length = 1;
    if (first >= 0xf0)
        length = 4;
    else if (first >= 0xe0)
        length = 3;
    else if (first >= 0xc0)
        length = 2;
    else if (first >= 0x80)
        length = 0;
    if (length == 0 || length > text.size()) {
        text.remove_prefix(1);
        return 0x110000u + first;
    }
    std::uint32_t value = length == 1 ? first : first & (0x7fu >> length);
    for (std::size_t n = 1; n < length; ++n)
        value = value << 6 | (octet(n) & 0x3fu);
    text.remove_prefix(length);
    return value;
}

template <class Use>
void for_each_trigram(std::string_view text, Use use) {
    trigram last = 0;
    unsigned run = 0;
    while (!text.empty()) {
        const auto code_point = take_code_point(text);
        if (code_point <= 0x20 || code_point == 0x7f) {
            run = 0;
            continue;
        }
        last = (last << bits_of_code_point | code_point) & trigram_mask;
        if (++run >= 3) use(last);
    }
}

void append_utf8(std::string& out, std::uint32_t code_point) {
    const auto tail = [&](unsigned shift) {
        out.push_back(static_cast<char>(0x80 | (code_point >> shift & 0x3f)));
    };
    if (code_point < 0x80) {
        out.push_back(static_cast<char>(code_point));
    } else if (code_point < 0x800) {
        out.push_back(static_cast<char>(0xc0 | code_point >> 6));
        tail(0);
    } else if (code_point < 0x10000) {
        out.push_back(static_cast<char>(0xe0 | code_point >> 12));
        tail(6);
        tail(0);
    } else {
        out.push_back(static_cast<char>(0xf0 | code_point >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
}

}  // namespace

void trigram_set::add(std::string_view text) {
    for_each_trigram(text, [this](trigram three) {
        if (all_.size() - compacted_ >= gather) compact();
        if (compacted_ <= most_) all_.push_back(three);
    });
}

void trigram_set::compact() {
    const auto middle = all_.begin() + static_cast<std::ptrdiff_t>(compacted_);
    std::sort(middle, all_.end());
    std::inplace_merge(all_.begin(), middle, all_.end());
    all_.erase(std::unique(all_.begin(), all_.end()), all_.end());
    compacted_ = all_.size();
}

bool trigram_set::is_full() {
    compact();
    return all_.size() > most_;
}

const std::vector<trigram>& trigram_set::sorted() {
    compact();
    return all_;
}

std::vector<trigram> trigrams_of_needle(std::string_view needle) {
    if (needle.find_first_of("\r\n") != std::string_view::npos) return {};
    trigram_set all(SIZE_MAX);
    all.add(needle);
    const auto& sorted = all.sorted();
    if (sorted.size() <= max_trigrams_of_needle) return sorted;
    std::vector<trigram> some;  // from all of them alike
    for (std::size_t n = 0; n < max_trigrams_of_needle; ++n)
        some.push_back(sorted[n * sorted.size() / max_trigrams_of_needle]);
    return some;
}

std::string term_of(char prefix, trigram three) {
    std::string term(1, prefix);
    for (int n = 2; n >= 0; --n)
        append_utf8(
            term, static_cast<std::uint32_t>(
                      three >> (static_cast<unsigned>(n) * bits_of_code_point) & last_code_point));
    return term;
}

}  // namespace hauspost::storage::index
