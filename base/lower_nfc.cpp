#include "base/lower_nfc.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

namespace hauspost {
namespace {

// RFC 5321 4.5.3.1: 64 + "@" + 255 octets, four for each character to be sure.
constexpr std::size_t max_octets = 1280;

icu::UnicodeString composed(const icu::UnicodeString& text) {
    UErrorCode status = U_ZERO_ERROR;
    const auto* form = icu::Normalizer2::getNFCInstance(status);
    return U_SUCCESS(status) ? form->normalize(text, status) : text;
}

}  // namespace

std::optional<std::string> lower_nfc(std::string_view text) {
    if (text.size() > max_octets || text.find('\0') != std::string_view::npos) return std::nullopt;
    if (utf8::is_ascii(text)) return ascii::lowered(text);
    if (!utf8::is_valid(text)) return std::nullopt;
    const icu::StringPiece piece(text.data(), static_cast<int>(text.size()));
    auto wide = composed(icu::UnicodeString::fromUTF8(piece));
    // The root locale: a Turkish one would give another letter for "I". Lower case may decompose.
    wide = composed(wide.toLower(icu::Locale::getRoot()));
    std::string out;
    wide.toUTF8String(out);
    return out;
}

}  // namespace hauspost
