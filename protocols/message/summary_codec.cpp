#include "base/octets.hpp"
#include "protocols/message/summary.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace hauspost::message {
namespace {

// The encoded summary. "int" is a number of 1 to 10 octets, 7 bits in each, lowest first, bit 7 set
// when more follow. "text" is int length, octets. "word" is an int: below 32 an index into `words`,
// else 32 + length, octets.
//
//    0  u8   version = 1; or 2, when the growth is not 0: then u64 growth, and from there on as in
//            version 1 from octet 1 on
//    1  u32  octets of the envelope      }
//    5  u32  octets of the structure     } little-endian
//    9  u32  octets of the preview       }
//   13  i64  sent_at                     }   0: none; -2^63: 0
//   21  i32  sent_zone_minutes           }
//   25  envelope | body_structure | preview, without anything between
//       int octets
//       text base_subject, from_mailbox, to_mailbox, cc_mailbox, from_display, to_display,
//            message_id
//       int count, text references...
//       int count, parts...: u8 kind | int depth | int number | int header | int body - header |
//                            int end - body | int lines | word encoding | word type_name |
//                            word charset           (differences modulo 2^64)
//   end
//
// Frozen: a change needs a new version (docs/storage_format.md).
constexpr std::uint8_t version = 1;
constexpr std::uint8_t version_with_growth = 2;
constexpr std::size_t growth_octets = sizeof(std::uint64_t);
constexpr std::size_t envelope_size_at = 1;
constexpr std::size_t structure_size_at = 5;
constexpr std::size_t preview_size_at = 9;
constexpr std::size_t sent_at_at = 13;
constexpr std::size_t zone_at = 21;
constexpr std::size_t head_octets = 25;
constexpr std::size_t word_limit = 32;

// Frozen as well: an index means the same for ever. "" at the end: not in use yet.
constexpr std::array<std::string_view, word_limit> words = {"",
                                                            "7bit",
                                                            "8bit",
                                                            "binary",
                                                            "base64",
                                                            "quoted-printable",
                                                            "text/plain",
                                                            "text/html",
                                                            "text/calendar",
                                                            "multipart/mixed",
                                                            "multipart/alternative",
                                                            "multipart/related",
                                                            "multipart/signed",
                                                            "multipart/report",
                                                            "message/rfc822",
                                                            "message/delivery-status",
                                                            "application/octet-stream",
                                                            "application/pdf",
                                                            "application/zip",
                                                            "application/pgp-signature",
                                                            "image/png",
                                                            "image/jpeg",
                                                            "image/gif",
                                                            "utf-8",
                                                            "us-ascii",
                                                            "iso-8859-1",
                                                            "iso-8859-15",
                                                            "windows-1252"};

void append_int(std::string& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7)
        out.push_back(static_cast<char>((value & 0x7f) | 0x80));
    out.push_back(static_cast<char>(value));
}

void append_counted(std::string& out, std::string_view text) {
    append_int(out, text.size());
    out += text;
}

void append_word(std::string& out, std::string_view text) {
    const auto found = std::find(words.begin(), words.end(), text);
    if (found != words.end())
        return append_int(out, static_cast<std::uint64_t>(found - words.begin()));
    append_int(out, word_limit + text.size());
    out += text;
}

void append_part(std::string& out, const part& value) {
    out.push_back(static_cast<char>(value.type));
    append_int(out, value.depth);
    append_int(out, value.number);
    append_int(out, value.header);
    append_int(out, value.body - value.header);
    append_int(out, value.end - value.body);
    append_int(out, value.lines);
    append_word(out, value.encoding);
    append_word(out, value.type_name);
    append_word(out, value.charset);
}

/// Takes apart what the functions above wrote; after a wrong octet all is zero and ok() is false.
class summary_reader {
public:
    explicit summary_reader(std::string_view octets) : in_(octets) {}

    std::uint64_t integer() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const auto octet = in_.number<std::uint8_t>();
            const std::uint64_t bits = octet & 0x7fu;
            if (shift == 63 && bits > 1) break;
            value |= bits << shift;
            if (octet < 0x80) return value;
        }
        return fail();
    }
    template <class Number>
    Number small() {
        const auto value = integer();
        if (value > std::numeric_limits<Number>::max()) return static_cast<Number>(fail());
        return static_cast<Number>(value);
    }
    std::string text() { return std::string(view()); }
    std::string_view view() { return in_.octets(integer()); }
    std::string word() {
        const auto code = integer();
        if (code < word_limit) return std::string(words[code]);
        return std::string(in_.octets(code - word_limit));
    }
    std::string octets(std::size_t count) { return std::string(in_.octets(count)); }
    part one_part() {
        part value;
        const auto kind = in_.number<std::uint8_t>();
        if (kind > static_cast<std::uint8_t>(part::kind::message)) fail();
        value.type = static_cast<part::kind>(kind);
        value.depth = small<std::uint16_t>();
        value.number = small<std::uint16_t>();
        value.header = integer();
        value.body = value.header + integer();
        value.end = value.body + integer();
        value.lines = small<std::uint32_t>();
        value.encoding = word();
        value.type_name = word();
        value.charset = word();
        return value;
    }
    [[nodiscard]] bool ok() const { return ok_ && in_.ok(); }
    [[nodiscard]] bool at_end() const { return in_.rest().empty(); }

private:
    std::uint64_t fail() {
        ok_ = false;
        return 0;
    }
    octet_reader in_;
    bool ok_ = true;
};

// No date is so old: a year has four digits.
constexpr std::int64_t coded_epoch = std::numeric_limits<std::int64_t>::min();

std::int64_t coded(const std::optional<std::int64_t>& sent_at) noexcept {
    return sent_at == 0 ? coded_epoch : sent_at.value_or(0);
}

/// octets  where version 1 begins, with a whole head
std::optional<std::int64_t> read_sent_at(std::string_view octets) noexcept {
    const auto stored = load_le<std::int64_t>(octets.data() + sent_at_at);
    if (stored == 0) return std::nullopt;
    return stored == coded_epoch ? 0 : stored;
}

struct head {
    std::uint32_t envelope = 0, structure = 0, preview = 0;
};

[[nodiscard]] bool has_growth(std::string_view octets) noexcept {
    return octets.size() > growth_octets &&
           static_cast<std::uint8_t>(octets[0]) == version_with_growth;
}

/// nullopt when the three texts are not all there. Puts `octets` where version 1 would begin.
std::optional<head> read_head(std::string_view& octets) noexcept {
    if (has_growth(octets))
        octets.remove_prefix(growth_octets);
    else if (!octets.empty() && static_cast<std::uint8_t>(octets[0]) != version)
        return std::nullopt;
    if (octets.size() < head_octets) return std::nullopt;
    const auto size = [&](std::size_t at) { return load_le<std::uint32_t>(octets.data() + at); };
    const head sizes{size(envelope_size_at), size(structure_size_at), size(preview_size_at)};
    const auto sum = std::uint64_t{sizes.envelope} + sizes.structure + sizes.preview;
    if (sum > octets.size() - head_octets) return std::nullopt;
    return sizes;
}

/// Stands behind the three texts, at `int octets`.
summary_reader behind_texts(std::string_view octets, const head& sizes) noexcept {
    const auto texts = std::size_t{sizes.envelope} + sizes.structure + sizes.preview;
    return summary_reader(octets.substr(head_octets + texts));
}

sort_fields read_sort_fields(summary_reader& in) {
    in.integer();
    sort_fields fields;
    for (auto* field :
         {&fields.base_subject, &fields.from_mailbox, &fields.to_mailbox, &fields.cc_mailbox,
          &fields.from_display, &fields.to_display, &fields.message_id})
        *field = in.view();
    return in.ok() ? fields : sort_fields{};
}

}  // namespace

std::string encode(const summary& value) {
    std::string out;
    out.reserve(head_octets + value.envelope.size() + value.body_structure.size() +
                value.preview.size() + 256 + 32 * value.parts.size());
    out.push_back(static_cast<char>(value.growth == 0 ? version : version_with_growth));
    if (value.growth != 0) append_le(out, value.growth);
    for (const auto* text : {&value.envelope, &value.body_structure, &value.preview})
        append_le(out, static_cast<std::uint32_t>(text->size()));
    append_le(out, coded(value.sent_at));
    append_le(out, value.sent_zone_minutes);
    for (const auto* text : {&value.envelope, &value.body_structure, &value.preview})
        out += *text;
    append_int(out, value.octets);
    for (const auto* text :
         {&value.base_subject, &value.from_mailbox, &value.to_mailbox, &value.cc_mailbox,
          &value.from_display, &value.to_display, &value.message_id})
        append_counted(out, *text);
    append_int(out, value.references.size());
    for (const auto& id : value.references)
        append_counted(out, id);
    append_int(out, value.parts.size());
    for (const auto& each : value.parts)
        append_part(out, each);
    return out;
}

std::optional<summary> decode(std::string_view octets) {
    summary value;
    value.growth = growth_of(octets);
    if (has_growth(octets) && value.growth == 0) return std::nullopt;
    const auto sizes = read_head(octets);
    if (!sizes) return std::nullopt;
    value.sent_at = read_sent_at(octets);
    value.sent_zone_minutes = load_le<std::int32_t>(octets.data() + zone_at);
    summary_reader in(octets.substr(head_octets));
    value.envelope = in.octets(sizes->envelope);
    value.body_structure = in.octets(sizes->structure);
    value.preview = in.octets(sizes->preview);
    value.octets = in.integer();
    for (auto* text :
         {&value.base_subject, &value.from_mailbox, &value.to_mailbox, &value.cc_mailbox,
          &value.from_display, &value.to_display, &value.message_id})
        *text = in.text();
    for (auto count = in.integer(); count > 0 && in.ok(); --count)
        value.references.push_back(in.text());
    for (auto count = in.integer(); count > 0 && in.ok(); --count)
        value.parts.push_back(in.one_part());
    if (!in.ok() || !in.at_end()) return std::nullopt;
    return value;
}

std::string_view envelope_of(std::string_view octets) noexcept {
    const auto sizes = read_head(octets);
    return sizes ? octets.substr(head_octets, sizes->envelope) : std::string_view{};
}

std::string_view body_structure_of(std::string_view octets) noexcept {
    const auto sizes = read_head(octets);
    if (!sizes) return {};
    return octets.substr(head_octets + sizes->envelope, sizes->structure);
}

std::string_view preview_of(std::string_view octets) noexcept {
    const auto sizes = read_head(octets);
    if (!sizes) return {};
    return octets.substr(head_octets + sizes->envelope + sizes->structure, sizes->preview);
}

sort_fields sort_fields_of(std::string_view octets) noexcept {
    const auto sizes = read_head(octets);
    if (!sizes) return {};
    auto in = behind_texts(octets, *sizes);
    return read_sort_fields(in);
}

std::string_view read_references(std::string_view octets, std::vector<std::string_view>& into) {
    into.clear();
    const auto sizes = read_head(octets);
    if (!sizes) return {};
    auto in = behind_texts(octets, *sizes);
    const auto id = read_sort_fields(in).message_id;
    for (auto count = in.integer(); count > 0 && in.ok(); --count)
        into.push_back(in.view());
    if (in.ok()) return id;
    into.clear();
    return {};
}

std::optional<std::int64_t> sent_at_of(std::string_view octets) noexcept {
    return read_head(octets) ? read_sent_at(octets) : std::nullopt;
}

std::uint64_t growth_of(std::string_view octets) noexcept {
    return has_growth(octets) ? load_le<std::uint64_t>(octets.data() + 1) : 0;
}

}  // namespace hauspost::message
