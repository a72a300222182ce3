#include "storage/lmdb/name_form.hpp"

#include "base/utf8.hpp"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

namespace hauspost::storage::lmdb {

std::string composed(std::string name) {
    if (utf8::is_ascii(name) || !utf8::is_valid(name)) return name;
    UErrorCode status = U_ZERO_ERROR;
    const auto* form = icu::Normalizer2::getNFCInstance(status);
    if (U_FAILURE(status)) return name;
    std::string out;
    icu::StringByteSink<std::string> sink(&out);
    const icu::StringPiece text(name.data(), static_cast<std::int32_t>(name.size()));
    form->normalizeUTF8(0, text, sink, nullptr, status);
    return U_SUCCESS(status) ? out : name;
}

}  // namespace hauspost::storage::lmdb
