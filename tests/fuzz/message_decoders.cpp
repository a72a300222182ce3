// What a part's octets go through until they are text: transfer encodings, charsets, HTML. The same
// however they are cut, never longer than what they came from, and always UTF-8.
//
// First octet: the charset; second: where the octets are cut.

#include "base/base64.hpp"
#include "base/utf8.hpp"
#include "protocols/message/charset.hpp"
#include "protocols/message/part_decoder.hpp"
#include "protocols/message/preview.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace hauspost;
using namespace hauspost::message;

void must(bool holds) {
    if (!holds) std::abort();
}

std::string decoded(transfer_encoding how, std::string_view octets, std::size_t cut) {
    part_decoder decoder(how);
    std::string out;
    decoder.feed(octets.substr(0, cut), out);
    decoder.feed(octets.substr(cut), out);
    decoder.finish(out);
    return out;
}

void check_encodings(std::string_view octets, std::size_t cut) {
    for (const auto how : {transfer_encoding::identity, transfer_encoding::base64,
                           transfer_encoding::quoted_printable}) {
        const auto whole = decoded(how, octets, octets.size());
        must(whole.size() <= octets.size() && whole == decoded(how, octets, cut));
    }
    must(decoded(transfer_encoding::base64, base64::encode(octets), cut) == octets);
}

void check_text(std::string_view octets, std::string_view charset) {
    const auto text = to_utf8(octets, charset);
    // The longest that one octet can become is U+FFFD or another character of three octets; what
    // stands for two characters in one octet is known in some charsets of the Far East.
    must(utf8::is_valid(text) && text.size() <= 6 * octets.size() + 16);
    must(utf8::is_valid(casemap_key(text)));
    const auto plain = text_of_html(text);
    must(utf8::is_valid(plain) && plain.size() <= text.size());
    static_cast<void>(text_of_html(octets));
    must(utf8::is_valid(utf8_or_latin1(octets)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static constexpr std::array<const char*, 16> charsets{
        {"utf-8", "us-ascii", "iso-8859-1", "windows-1252", "iso-2022-jp", "shift_jis", "euc-jp",
         "gb18030", "big5", "euc-kr", "koi8-r", "utf-16", "utf-32", "iso-2022-kr", "hz-gb-2312",
         ""}};
    if (size < 2) return 0;
    const std::string_view octets(reinterpret_cast<const char*>(data) + 2, size - 2);
    check_encodings(octets, octets.size() * data[1] / 255);
    check_text(octets, charsets[data[0] % charsets.size()]);
    // A charset's name is the peer's, too.
    const auto name = octets.substr(0, octets.find('\n'));
    if (is_known_charset(name)) must(utf8::is_valid(to_utf8(octets, name)));
    must(transfer_encoding_of(name) != transfer_encoding::identity || name.size() <= 6);
    return 0;
}
