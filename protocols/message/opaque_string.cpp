#include "protocols/message/opaque_string.hpp"

#include "base/utf8.hpp"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>

namespace hauspost::message {
namespace {

constexpr std::size_t growth = 3;  // of UTF-8 in Normalization Form C, at most (UAX 15)

/// All that Unicode calls a space separator (Zs), but U+0020.
constexpr std::string_view spaces[] = {
    "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82", "\xe2\x80\x83",
    "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89",
    "\xe2\x80\x8a", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80"};

std::string with_plain_spaces(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto space = std::find_if(std::begin(spaces), std::end(spaces),
                                        [&](const auto& one) { return text.starts_with(one); });
        const bool is_space = space != std::end(spaces);
        out += is_space ? ' ' : text.front();
        text.remove_prefix(is_space ? space->size() : 1);
    }
    return out;
}

}  // namespace

std::optional<std::string> opaque_string(std::string_view text) {
    if (utf8::is_ascii(text)) return std::string(text);
    if (!utf8::is_valid(text)) return std::nullopt;
    const auto spaced = with_plain_spaces(text);
    UErrorCode status = U_ZERO_ERROR;
    const auto* form = icu::Normalizer2::getNFCInstance(status);
    std::string out;
    out.reserve(growth * spaced.size());  // so that growing leaves no copies behind
    icu::StringByteSink<std::string> sink(&out);
    const icu::StringPiece piece(spaced.data(), static_cast<std::int32_t>(spaced.size()));
    if (U_SUCCESS(status)) form->normalizeUTF8(0, piece, sink, nullptr, status);
    // Another form than that of other days would be another password.
    if (U_FAILURE(status)) throw std::runtime_error("ICU cannot normalize to NFC");
    return out;
}

}  // namespace hauspost::message
