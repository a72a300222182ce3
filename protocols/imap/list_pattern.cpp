#include "protocols/imap/list_pattern.hpp"

#include "base/ascii.hpp"
#include "protocols/imap/mailbox_name.hpp"

#include <algorithm>
#include <string>

namespace hauspost::imap {
namespace {

bool is_wildcard(char c) {
    return c == '*' || c == '%';
}

/// Wildcards that stand together are one: "*" when one of them is.
std::string collapsed(std::string_view pattern) {
    std::string out;
    for (const char c : pattern) {
        const bool after_wildcard = !out.empty() && is_wildcard(out.back());
        if (after_wildcard && c == '*')
            out.back() = '*';
        else if (!after_wildcard || c != '%')
            out.push_back(c);
    }
    return out;
}

/// left |= right, moved on by one state.
template <class Words>
void add_next(Words& left, const Words& right) {
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < left.size(); ++i) {
        left[i] |= right[i] << 1 | carry;
        carry = right[i] >> 63;
    }
}

}  // namespace

list_pattern::list_pattern(std::string_view pattern) {
    const auto characters = collapsed(pattern);
    size_ = characters.size();
    literals_count_ = size_ - static_cast<std::size_t>(
                                  std::count_if(characters.begin(), characters.end(), is_wildcard));
    if (literals_count_ > max_name_octets) return;
    const bits none(size_ / 64 + 1, 0);
    wildcards_ = stars_ = none;
    literals_.push_back(none);
    for (std::size_t n = 0; n < size_; ++n) {
        const char c = characters[n];
        if (is_wildcard(c)) {
            set(wildcards_, n);
            if (c == '*') set(stars_, n);
            continue;
        }
        auto& row = row_of_[static_cast<unsigned char>(c)];
        if (row == 0) {
            row = static_cast<std::uint16_t>(literals_.size());
            literals_.push_back(none);
        }
        set(literals_[row], n);
    }
}

void list_pattern::pass_wildcards(bits& reached) const {
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < reached.size(); ++i) {
        const auto passed = reached[i] & wildcards_[i];
        reached[i] |= passed << 1 | carry;
        carry = passed >> 63;
    }
}

bool list_pattern::matches(std::string_view name) const {
    if (literals_count_ > std::min(name.size(), max_name_octets)) return false;
    const std::size_t caseless = is_inbox_tree(name) ? inbox_name.size() : 0;
    // Bit n: the pattern's first n characters match what was read of the name.
    bits reached(words(), 0);
    bits gone_on(words(), 0);
    reached[0] = 1;
    pass_wildcards(reached);
    for (std::size_t at = 0; at < name.size(); ++at) {
        const char c = name[at];
        const auto& exact = states_of(at < caseless ? ascii::to_upper(c) : c);
        const auto& other = states_of(at < caseless ? ascii::to_lower(c) : c);
        const auto& stay = c == '/' ? stars_ : wildcards_;
        std::uint64_t any = 0;
        for (std::size_t i = 0; i < reached.size(); ++i) {
            gone_on[i] = reached[i] & (exact[i] | other[i]);
            reached[i] &= stay[i];
            any |= gone_on[i] | reached[i];
        }
        if (any == 0) return false;
        add_next(reached, gone_on);
        pass_wildcards(reached);
    }
    return (reached[size_ / 64] >> size_ % 64 & 1) != 0;
}

}  // namespace hauspost::imap
