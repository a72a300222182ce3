#include "protocols/imap/grammar/rights.hpp"

#include "protocols/imap/grammar/command.hpp"

namespace hauspost::imap {
namespace {

constexpr std::string_view letters_in_order = "lrswipkxtea";
constexpr std::uint32_t create_rights = mail::rights::create | mail::rights::remove;
constexpr std::uint32_t delete_rights = mail::rights::expunge | mail::rights::delete_messages;

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
    if ((rights & mail::rights::seen) != 0) flags |= mail::flags::seen;
    if ((rights & mail::rights::delete_messages) != 0) flags |= mail::flags::deleted;
    if ((rights & mail::rights::write) != 0)
        flags |= mail::flags::system & ~(mail::flags::seen | mail::flags::deleted);
    return flags;
}

}  // namespace hauspost::imap
