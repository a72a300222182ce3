#include "storage/lmdb/trace_rows.hpp"

#include "base/utf8.hpp"
#include "storage/lmdb/schema.hpp"

#include <algorithm>
#include <array>

namespace hauspost::storage::lmdb::trace_rows {
namespace {

constexpr std::size_t key_octets = 12;
constexpr std::size_t max_number_octets = 10;  // LEB128 of 64 bits

void append_number(std::string& out, std::uint64_t number) {
    for (; number > 127; number >>= 7)
        out.push_back(static_cast<char>(0x80 | (number & 0x7f)));
    out.push_back(static_cast<char>(number));
}

/// Takes a number off the front. nullopt: it does not end, or is too large.
std::optional<std::uint64_t> take_number(std::string_view& in) noexcept {
    std::uint64_t number = 0;
    for (unsigned i = 0; i < max_number_octets && i < in.size(); ++i) {
        const auto octet = static_cast<unsigned char>(in[i]);
        if (i + 1 == max_number_octets && octet > 1) return std::nullopt;
        number |= static_cast<std::uint64_t>(octet & 0x7f) << (7 * i);
        if ((octet & 0x80) != 0) continue;
        in.remove_prefix(i + 1);
        return number;
    }
    return std::nullopt;
}

struct found_field {
    field tag;
    std::string_view octets;
};

/// Takes a field off the front. nullopt: what stands there is none.
std::optional<found_field> take_field(std::string_view& in) noexcept {
    if (in.empty()) return std::nullopt;
    const auto tag = static_cast<field>(in.front());
    auto rest = in.substr(1);
    const auto octets = take_number(rest);
    if (!octets || *octets > rest.size()) return std::nullopt;
    in = rest.substr(*octets);
    return found_field{tag, rest.substr(0, *octets)};
}

struct text_field {
    field tag;
    std::string trace_event::*text;
    std::size_t most;  // octets
};
/// What matters most comes first: what a row has no room for is cut.
constexpr std::array text_fields{
    text_field{field::from, &trace_event::from, 320},
    text_field{field::to, &trace_event::to, 320},
    text_field{field::target, &trace_event::target, 320},
    text_field{field::by, &trace_event::by, 320},
    text_field{field::message_id, &trace_event::message_id, 250},
    text_field{field::peer, &trace_event::peer, 320},
    text_field{field::tls, &trace_event::tls, 80},
    text_field{field::words, &trace_event::words, 512},
    text_field{field::subject, &trace_event::subject, 200},
};

struct number_field {
    field tag;
    std::uint64_t trace_event::*number;
};
constexpr std::array number_fields{number_field{field::number, &trace_event::number},
                                   number_field{field::attempt, &trace_event::attempt}};

void append_field(std::string& out, field tag, std::string_view octets) {
    out.push_back(static_cast<char>(tag));
    append_number(out, octets.size());
    out.append(octets);
}

void append_number_field(std::string& out, field tag, std::uint64_t number) {
    if (number == 0) return;
    std::string octets;
    append_number(octets, number);
    append_field(out, tag, octets);
}

std::string encode_blobs(const std::vector<blob_id>& blobs) {
    std::string octets;
    std::uint64_t last = 0;
    for (std::size_t i = 0; i < blobs.size() && i < max_blobs; ++i) {
        append_number(octets, blobs[i].value() - last);
        last = blobs[i].value();
    }
    return octets;
}

bool decode_blobs(std::string_view octets, std::vector<blob_id>& into) {
    std::uint64_t last = 0;
    while (!octets.empty()) {
        const auto more = take_number(octets);
        if (!more || into.size() == max_blobs) return false;
        into.emplace_back(last += *more);
    }
    return true;
}

/// False: it is damaged. A field of a later program is passed over.
bool read_field(const found_field& found, trace_event& into) {
    for (const auto& one : text_fields) {
        if (one.tag != found.tag) continue;
        into.*one.text = found.octets;
        return found.octets.size() <= one.most;
    }
    if (found.tag == field::blobs) return decode_blobs(found.octets, into.blobs);
    auto octets = found.octets;
    const auto number = take_number(octets);
    const bool is_number = number && octets.empty();
    for (const auto& one : number_fields) {
        if (one.tag != found.tag) continue;
        into.*one.number = number.value_or(0);
        return is_number;
    }
    if (found.tag == field::due_at) {
        into.due_at = static_cast<std::int64_t>(number.value_or(0));
        return is_number;
    }
    if (found.tag == field::age) {
        into.at -= static_cast<std::int64_t>(number.value_or(0));
        return is_number;
    }
    return true;
}

}  // namespace

std::string key_of(trace_place at) {
    std::string key;
    append_be(key, at.microseconds);
    append_be(key, at.number);
    return key;
}

trace_place place_of(std::string_view key) {
    if (key.size() != key_octets) throw fault("damaged key in table trace");
    return {load_be<std::uint64_t>(key.data()), load_be<std::uint32_t>(key.data() + 8)};
}

std::string encode(const trace_event& event, std::int64_t written_at) {
    std::string out;
    out.push_back(static_cast<char>(row_version));
    out.push_back(static_cast<char>(event.step));
    out.push_back(static_cast<char>(event.rule));
    out.push_back(static_cast<char>(event.door));
    append_le(out, event.blob.value());
    append_le(out, event.id.value());
    append_le(out, event.account.value());
    append_number_field(out, field::number, event.number);
    append_number_field(out, field::attempt, event.attempt);
    append_number_field(out, field::due_at, static_cast<std::uint64_t>(event.due_at));
    const auto age = event.at == 0 ? 0 : std::max<std::int64_t>(0, written_at - event.at);
    append_number_field(out, field::age, static_cast<std::uint64_t>(age));
    if (!event.blobs.empty()) append_field(out, field::blobs, encode_blobs(event.blobs));
    for (const auto& one : text_fields) {
        constexpr std::size_t tag_and_length = 3;
        const auto& text = event.*one.text;
        const auto room = schema::max_value_octets - out.size();
        if (text.empty() || room <= tag_and_length) continue;
        append_field(out, one.tag,
                     utf8::truncated(text, std::min(one.most, room - tag_and_length)));
    }
    return out;
}

trace_event decode(trace_place at, std::string_view row) {
    const view head(row);
    trace_event event;
    bool is_sound = head.is_sound();
    if (is_sound) {
        event.step = head.step();
        event.rule = static_cast<trace_rule>(row[2]);
        event.door = static_cast<trace_door>(row[3]);
        event.blob = head.blob();
        event.id = head.id();
        event.account = head.account();
        event.at = static_cast<std::int64_t>(at.microseconds / 1000);
        is_sound = event.step <= last_trace_step && event.step != trace_step::none &&
                   event.rule <= last_trace_rule && event.door <= last_trace_door;
        for (auto rest = row.substr(row_head); is_sound && !rest.empty();) {
            const auto found = take_field(rest);
            is_sound = found && read_field(*found, event);
        }
    }
    if (!is_sound) throw fault("damaged row in table trace");
    return event;
}

std::string_view view::text(field which) const noexcept {
    for (auto rest = row_.substr(row_head); !rest.empty();) {
        const auto found = take_field(rest);
        if (!found) break;
        if (found->tag == which) return found->octets;
    }
    return {};
}

}  // namespace hauspost::storage::lmdb::trace_rows
