#include "storage/trace_event.hpp"

namespace hauspost::storage {
namespace {

constexpr std::string_view digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t id_letters = 13;  // 65 bits: the first letter is 0 to F

int value_of(char c) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    const auto at = digits.find(c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace

std::string to_text(trace_id id) {
    std::string text(id_letters, '0');
    auto rest = id.value();
    for (auto i = id_letters; i-- > 0; rest >>= 5)
        text[i] = digits[rest & 31];
    return text;
}

std::optional<trace_id> parse_trace_id(std::string_view text) {
    if (text.size() != id_letters) return std::nullopt;
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int value = value_of(text[i]);
        if (value < 0 || (i == 0 && value > 15)) return std::nullopt;
        number = (number << 5) | static_cast<std::uint64_t>(value);
    }
    if (number == 0) return std::nullopt;
    return trace_id(number);
}

}  // namespace hauspost::storage
