#include "protocols/message/part_text.hpp"

#include "base/base64.hpp"
#include "base/utf8.hpp"
#include "protocols/message/charset.hpp"
#include "protocols/message/quoted_printable.hpp"

#include <algorithm>

namespace hauspost::message {
namespace {

/// The part's body within octets, whatever the offsets are.
std::string_view body_of(std::string_view octets, const part& where) {
    if (where.body > where.end || where.end > octets.size()) return {};
    return octets.substr(where.body, where.end - where.body);
}

template <class Decoder>
std::string decoded_by(std::string_view body, std::size_t max_octets) {
    constexpr std::size_t chunk_octets = 64 * 1024;
    std::string out;
    out.reserve(std::min(body.size(), max_octets + chunk_octets));
    Decoder decoder;
    while (!body.empty() && out.size() < max_octets) {
        const auto chunk = body.substr(0, std::min(chunk_octets, max_octets * 2 + 64));
        body.remove_prefix(chunk.size());
        decoder.feed(chunk, out);
    }
    if (body.empty()) decoder.finish(out);
    if (out.size() > max_octets) out.resize(max_octets);
    return out;
}

/// A text that was cut may end in a part of a UTF-8 character: then it would not be taken for
/// UTF-8.
void drop_half_character(std::string& text) {
    constexpr std::size_t longest_half = 3;
    for (std::size_t half = 0; half <= std::min(longest_half, text.size()); ++half) {
        const auto whole = std::string_view(text).substr(0, text.size() - half);
        if (!utf8::is_valid(whole)) continue;
        text.resize(whole.size());
        return;
    }
}

}  // namespace

transfer_encoding transfer_encoding_of(std::string_view name) noexcept {
    if (name.empty() || name == "7bit" || name == "8bit" || name == "binary")
        return transfer_encoding::identity;
    if (name == "base64") return transfer_encoding::base64;
    if (name == "quoted-printable") return transfer_encoding::quoted_printable;
    return transfer_encoding::unknown;
}

std::string decoded_octets(std::string_view octets, const part& where, std::size_t max_octets) {
    const auto body = body_of(octets, where);
    if (where.type == part::kind::leaf) {
        switch (transfer_encoding_of(where.encoding)) {
        case transfer_encoding::base64: return decoded_by<base64::mime_decoder>(body, max_octets);
        case transfer_encoding::quoted_printable:
            return decoded_by<quoted_printable_decoder>(body, max_octets);
        case transfer_encoding::identity:
        case transfer_encoding::unknown: break;
        }
    }
    return std::string(body.substr(0, max_octets));
}

std::string decoded_text(std::string_view octets, const part& where, std::size_t max_octets) {
    if (where.type != part::kind::leaf || !where.type_name.starts_with("text/")) return {};
    auto decoded = decoded_octets(octets, where, max_octets);
    if (decoded.size() == max_octets) drop_half_character(decoded);
    return to_utf8(decoded, where.charset);
}

}  // namespace hauspost::message
