// What IMAP makes of a message for SEARCH and FETCH: text for the index, sections, header fields,
// the ENVELOPE in UTF-8. All within the message, all valid UTF-8.
//
// The first line is a section as in BODY[...]; the rest is the message.

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocols/imap/grammar/parse.hpp"
#include "protocols/imap/response/fetch_section.hpp"
#include "protocols/imap/response/summarize.hpp"
#include "protocols/imap/response/utf8_envelope.hpp"
#include "protocols/message/summary.hpp"
#include "protocols/query/run/index_text.hpp"
#include "tests/unit/protocols/imap/response/imap_syntax.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace hauspost;
using namespace hauspost::imap;

constexpr std::uint64_t prefix_octets = 25;

void must(bool holds) {
    if (!holds) std::abort();
}

void check_index(const std::string& summary, std::string_view octets) {
    const query::index_text maker;
    const auto ranges = maker.ranges(summary);
    if (!ranges) return;
    std::vector<std::string> read;
    for (const auto& range : *ranges) {
        must(range.offset <= octets.size() && range.octets <= octets.size() - range.offset);
        read.emplace_back(octets.substr(range.offset, range.octets));
    }
    for (unsigned round = 0; round < 2; ++round) {
        const auto text = maker.make(summary, read);
        for (const auto* one :
             {&text.header, &text.body, &text.subject, &text.from, &text.to, &text.cc})
            must(utf8::is_valid(*one));
        // The blob may have ended before.
        for (auto& one : read)
            one.resize(one.size() / 2);
    }
}

void check_fields(std::string_view header, section wanted) {
    wanted.what = section::kind::header_fields;
    const auto named = filter_header(header, wanted);
    wanted.what = section::kind::header_fields_not;
    const auto others = filter_header(header, wanted);
    // Each has the empty line, which the header may lack, and one of them the end of the last line.
    must(named.size() + others.size() <= header.size() + 6);
}

void check_section(std::string_view text, const message::summary& value, std::string_view octets) {
    lexer words(text);
    const auto wanted = parse_section(words);
    if (!wanted) return;
    const auto found = locate(*wanted, value.parts, prefix_octets, octets.size());
    if (!found) return;
    must(found->pieces.size() <= 2);
    for (const auto& piece : found->pieces) {
        const auto size = piece.from == octet_piece::source::blob ? octets.size() : prefix_octets;
        must(piece.count > 0 && piece.offset <= size && piece.count <= size - piece.offset);
    }
    for (const partial part : {partial{0, 1}, partial{3, 5}, partial{UINT32_MAX, UINT32_MAX}}) {
        const auto less = cut(*found, part);
        must(less.count() <= std::min<std::uint64_t>(found->count(), part.count));
    }
    if (wanted->needs_filter()) check_fields(octets, *wanted);
}

void check_envelope(const std::string& envelope) {
    auto text = utf8_envelope(envelope);
    must(utf8::is_valid(text));
    std::replace_if(text.begin(), text.end(), ascii::is_8bit, 'x');  // the reader knows ASCII only
    const auto value = imap_syntax::read(text);
    must(value && is_envelope(*value));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto end = std::min(input.find('\n'), input.size());
    const auto octets = input.substr(std::min(end + 1, input.size()));
    const auto value = summarize(octets);
    check_index(message::encode(value), octets);
    check_section(input.substr(0, end), value, octets);
    check_envelope(value.envelope);
    static_cast<void>(utf8_envelope(octets));
    return 0;
}
