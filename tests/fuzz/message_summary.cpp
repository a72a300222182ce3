// A whole message: its summary must come back from its encoded form and hold valid IMAP syntax.

#include "protocols/imap/response/body_structure.hpp"
#include "protocols/imap/response/summarize.hpp"
#include "protocols/message/mime_part.hpp"
#include "protocols/message/part_text.hpp"
#include "protocols/message/summary.hpp"
#include "tests/unit/protocols/imap/response/imap_syntax.hpp"

#include <cstdint>
#include <cstdlib>

using namespace hauspost::message;
using hauspost::imap::imap_syntax;
using hauspost::imap::without_extensions;

namespace {

void must(bool holds) {
    if (!holds) std::abort();
}

void check_parts(const summary& value, std::string_view octets) {
    for (const auto& part : value.parts) {
        must(part.header <= part.body && part.body <= part.end && part.end <= octets.size());
        (void)decoded_text(octets, part, 4096);
        if (part.type == part::kind::message) must(inner_message(value.parts, part) != nullptr);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view octets(reinterpret_cast<const char*>(data), size);
    const auto value = hauspost::imap::summarize(octets);
    const auto envelope = imap_syntax::read(value.envelope);
    const auto structure = imap_syntax::read(value.body_structure);
    const auto body = imap_syntax::read(without_extensions(value.body_structure));
    must(envelope && is_envelope(*envelope));
    must(structure && is_body(*structure, true));
    must(body && is_body(*body, false));
    check_parts(value, octets);
    const auto encoded = encode(value);
    must(decode(encoded) == value);
    must(envelope_of(encoded) == value.envelope && preview_of(encoded) == value.preview);

    // The same octets as what they are not: they may be refused, no more.
    (void)decode(octets);
    (void)body_structure_of(octets);
    (void)without_extensions(octets);
    return 0;
}
