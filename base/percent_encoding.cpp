#include "base/percent_encoding.hpp"

#include "base/ascii.hpp"

namespace hauspost {
namespace {

bool is_unreserved(char c) {
    return ascii::is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

}  // namespace

void append_percent_encoded(std::string& to, std::string_view text, std::string_view kept) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : text) {
        if (is_unreserved(c) || kept.find(c) != std::string_view::npos) {
            to += c;
            continue;
        }
        to += '%';
        to += digits[static_cast<unsigned char>(c) >> 4];
        to += digits[static_cast<unsigned char>(c) & 15];
    }
}

}  // namespace hauspost
