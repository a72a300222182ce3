#include "base/recovery_code.hpp"

#include "base/ascii.hpp"
#include "base/base32.hpp"
#include "base/random.hpp"

#include <string>
#include <utility>

namespace hauspost::recovery_code {
namespace {

constexpr std::size_t code_octets = 10;
constexpr std::size_t group_digits = 4;
constexpr std::size_t max_typed_octets = 64;

}  // namespace

secret make() {
    const secret digits(base32::encode(random::octets(code_octets)));
    std::string shown;
    shown.reserve(2 * digits.reveal().size());  // growing would leave a copy behind
    for (std::size_t n = 0; n < digits.reveal().size(); ++n) {
        if (n > 0 && n % group_digits == 0) shown.push_back('-');
        shown.push_back(ascii::to_lower(digits.reveal()[n]));
    }
    return secret(std::move(shown));
}

std::optional<sha256_digest> digest(std::string_view typed) {
    if (typed.size() > max_typed_octets) return std::nullopt;
    auto octets = base32::decode_typed(typed);
    if (!octets || octets->size() != code_octets) return std::nullopt;
    const secret code(std::move(*octets));
    return sha256(code.reveal());
}

}  // namespace hauspost::recovery_code
