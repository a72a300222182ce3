#include "protocols/message/code_points.hpp"

namespace hauspost::message {

void append_hex_decoded(std::string& out, std::string_view text, char mark) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escaped = text[i] == mark && i + 2 < text.size() &&
                             hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0;
        if (escaped) {
            out.push_back(static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])));
            i += 2;
        } else {
            out.push_back(text[i]);
        }
    }
}

void append_code_point(std::string& out, std::uint32_t code_point) {
    const auto put = [&](std::uint32_t octet) { out.push_back(static_cast<char>(octet & 0xff)); };
    if (code_point < 0x80) return put(code_point);
    if (code_point < 0x800) {
        put(0xc0 | (code_point >> 6));
    } else {
        if (code_point < 0x10000) {
            put(0xe0 | (code_point >> 12));
        } else {
            put(0xf0 | (code_point >> 18));
            put(0x80 | ((code_point >> 12) & 0x3f));
        }
        put(0x80 | ((code_point >> 6) & 0x3f));
    }
    put(0x80 | (code_point & 0x3f));
}

}  // namespace hauspost::message
