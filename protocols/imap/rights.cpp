#include "protocols/imap/rights.hpp"

#include "protocols/imap/command.hpp"

namespace hauspost::imap {
namespace {

constexpr std::string_view letters_in_order = "lrswipkxtea";
constexpr std::uint32_t create_rights = right_bits::create | right_bits::remove;
constexpr std::uint32_t delete_rights = right_bits::expunge | right_bits::delete_messages;

}  // namespace

std::optional<std::uint32_t> parse_rights(std::string_view letters) noexcept {
    std::uint32_t rights = 0;
    for (const char letter : letters) {
        const auto at = letters_in_order.find(letter);
        if (at != std::string_view::npos)
            rights |= 1u << at;
        else if (letter == 'c')
            rights |= create_rights;
        else if (letter == 'd')
            rights |= delete_rights;
        else
            return std::nullopt;
    }
    return rights;
}

std::string write_rights(std::uint32_t rights) {
    std::string letters;
    for (std::size_t at = 0; at < letters_in_order.size(); ++at)
        if ((rights >> at & 1) != 0) letters.push_back(letters_in_order[at]);
    if ((rights & create_rights) != 0) letters.push_back('c');
    if ((rights & delete_rights) != 0) letters.push_back('d');
    return letters;
}

std::uint32_t changeable_flags(std::uint32_t rights) noexcept {
    std::uint32_t flags = 0;
    if ((rights & right_bits::seen) != 0) flags |= flag_bits::seen;
    if ((rights & right_bits::delete_messages) != 0) flags |= flag_bits::deleted;
    if ((rights & right_bits::write) != 0)
        flags |= flag_bits::all & ~(flag_bits::seen | flag_bits::deleted);
    return flags;
}

}  // namespace hauspost::imap
