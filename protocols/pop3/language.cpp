#include "protocols/pop3/language.hpp"

#include "base/ascii.hpp"

namespace hauspost::pop3 {

std::optional<std::string_view> find_language(std::string_view wanted) noexcept {
    if (wanted == "*" || ascii::equal_nocase(wanted, "i-default")) return "i-default";
    if (ascii::equal_nocase(wanted, "en") || ascii::starts_with_nocase(wanted, "en-")) return "en";
    return std::nullopt;
}

}  // namespace hauspost::pop3
