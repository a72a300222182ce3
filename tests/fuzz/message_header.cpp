// Header fields and each kind of value that stands in them.

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocols/message/address.hpp"
#include "protocols/message/base_subject.hpp"
#include "protocols/message/charset.hpp"
#include "protocols/message/content_type.hpp"
#include "protocols/message/date_time.hpp"
#include "protocols/message/encoded_word.hpp"
#include "protocols/message/header.hpp"
#include "protocols/message/message_id.hpp"

#include <cstdint>
#include <cstdlib>

using namespace hauspost;
using namespace hauspost::message;

namespace {

void must(bool holds) {
    if (!holds) std::abort();
}

void check_value(std::string_view value) {
    must(unfolded(value).find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
    const auto text = decode_encoded_words(value);
    must(utf8::is_valid(text) && without_controls(text) == text);
    const auto words = encode_encoded_words(text);
    // White space around plain text is not kept.
    must(utf8::is_ascii(words) &&
         ascii::trimmed(decode_encoded_words(words)) == ascii::trimmed(text));
    must(utf8::is_valid(casemap_key(text)) && base_subject(text).text.size() <= text.size());
    for (const auto& entry : parse_address_list(value))
        must(entry.type == address::kind::mailbox || entry.local.empty());
    if (const auto date = parse_date(value)) must(parse_date(write_date(*date)) == date);
    if (const auto date = parse_internal_date(value)) must(parse_date(write_date(*date)) == date);
    must(parse_content_type(value).parameters.size() <= max_parameters);
    for (const auto& parameter : parse_content_disposition(value).parameters)
        must(utf8::is_valid(parameter.value));
    must(parse_message_ids(value).size() <= max_references);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view octets(reinterpret_cast<const char*>(data), size);
    std::size_t taken = 0;
    for (header_reader reader(octets); reader.next();) {
        taken += reader.field().raw.size();
        check_value(reader.field().value);
    }
    must(taken <= find_header_end(octets).fields_end);
    check_value(octets);
    return 0;
}
