#include "protocols/imap/response/fetch_section.hpp"

#include "base/ascii.hpp"

#include <algorithm>

namespace hauspost::imap {
namespace {

using parts = std::vector<message::part>;
constexpr std::size_t none = SIZE_MAX;

/// The child of `parent` with that number.
std::size_t child_of(const parts& tree, std::size_t parent, std::uint32_t number) {
    std::uint32_t seen = 0;
    for (auto at = parent + 1; at < tree.size() && tree[at].depth > tree[parent].depth; ++at)
        if (tree[at].depth == tree[parent].depth + 1 && ++seen == number) return at;
    return none;
}

/// A part of a message by number; RFC 9051 6.4.5.1: a message that is no multipart has one part.
std::size_t part_of_message(const parts& tree, std::size_t root, std::uint32_t number) {
    if (tree[root].type == message::part::kind::multipart) return child_of(tree, root, number);
    return number == 1 ? root : none;
}

/// The root of the message that a message/rfc822 part holds.
std::size_t message_in(const parts& tree, std::size_t at) {
    return tree[at].type == message::part::kind::message ? child_of(tree, at, 1) : none;
}

std::size_t find_part(const parts& tree, const std::vector<std::uint32_t>& path) {
    auto at = part_of_message(tree, 0, path.front());
    for (std::size_t level = 1; level < path.size() && at != none; ++level) {
        if (tree[at].type == message::part::kind::multipart) {
            at = child_of(tree, at, path[level]);
        } else {
            const auto inner = message_in(tree, at);
            at = inner == none ? none : part_of_message(tree, inner, path[level]);
        }
    }
    return at;
}

/// Octets from..to of the blob, after the prefix where they begin the message.
section_octets octets_of(std::uint64_t prefix, std::uint64_t from, std::uint64_t to) {
    section_octets found;
    if (prefix > 0) found.pieces.push_back({octet_piece::source::prefix, 0, prefix});
    if (to > from) found.pieces.push_back({octet_piece::source::blob, from, to - from});
    return found;
}

parts opaque(std::uint64_t blob_octets) {
    message::part whole;
    whole.end = blob_octets;
    return {whole};
}

bool is_named(const std::vector<std::string>& sorted, std::string_view name) {
    return std::binary_search(sorted.begin(), sorted.end(), ascii::lowered(name));
}

/// One line with its end, taken off.
std::string_view take_line(std::string_view& text) {
    const auto newline = text.find('\n');
    const auto line = text.substr(0, newline == std::string_view::npos ? newline : newline + 1);
    text.remove_prefix(line.size());
    return line;
}

/// The name before the colon; "" when the line is no field.
std::string_view name_of(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return {};
    return ascii::trimmed(line.substr(0, colon));
}

}  // namespace

std::uint64_t section_octets::count() const noexcept {
    std::uint64_t sum = 0;
    for (const auto& piece : pieces)
        sum += piece.count;
    return sum;
}

std::optional<section_octets> locate(const section& wanted,
                                     const std::vector<message::part>& tree,
                                     std::uint64_t prefix_octets,
                                     std::uint64_t blob_octets) {
    if (tree.empty()) return locate(wanted, opaque(blob_octets), prefix_octets, blob_octets);
    // Offsets come from a stored summary: whatever it says, nothing beyond the blob is named.
    const auto between = [&](std::uint64_t prefix, std::uint64_t from, std::uint64_t to) {
        return octets_of(prefix, from, std::min(to, blob_octets));
    };
    const bool is_whole = wanted.part.empty();
    const auto at = is_whole ? 0 : find_part(tree, wanted.part);
    if (at == none) return std::nullopt;
    const auto& part = tree[at];
    switch (wanted.what) {
    case section::kind::all:
        if (is_whole) return between(prefix_octets, 0, blob_octets);
        return between(0, part.body, part.end);
    case section::kind::mime: return between(at == 0 ? prefix_octets : 0, part.header, part.body);
    case section::kind::text:
    case section::kind::header:
    case section::kind::header_fields:
    case section::kind::header_fields_not: break;
    }
    // These speak of a message: the whole one, or the one inside a message/rfc822 part.
    const auto root = is_whole ? 0 : message_in(tree, at);
    if (root == none) return std::nullopt;
    if (wanted.what == section::kind::text) return between(0, tree[root].body, tree[root].end);
    return between(is_whole ? prefix_octets : 0, tree[root].header, tree[root].body);
}

const message::part* named_part(const section& wanted, const parts& tree) noexcept {
    if (tree.empty() || wanted.part.empty()) return nullptr;
    const auto at = find_part(tree, wanted.part);
    return at == none ? nullptr : &tree[at];
}

section_octets cut(section_octets whole, const std::optional<partial>& part) {
    if (!part) return whole;
    section_octets kept;
    std::uint64_t skip = part->offset;
    std::uint64_t left = part->count;
    for (auto piece : whole.pieces) {
        const auto skipped = std::min(skip, piece.count);
        skip -= skipped;
        piece.offset += skipped;
        piece.count = std::min(piece.count - skipped, left);
        left -= piece.count;
        if (piece.count > 0) kept.pieces.push_back(piece);
    }
    return kept;
}

std::string_view cut(std::string_view whole, const std::optional<partial>& part) noexcept {
    if (!part) return whole;
    return part->offset < whole.size() ? whole.substr(part->offset, part->count)
                                       : std::string_view{};
}

std::string filter_header(std::string_view header, const section& wanted) {
    std::vector<std::string> names;
    names.reserve(wanted.fields.size());
    for (const auto& field : wanted.fields)
        names.push_back(ascii::lowered(field));
    std::sort(names.begin(), names.end());
    const bool keep_named = wanted.what == section::kind::header_fields;

    std::string kept;
    bool is_kept = false;
    while (!header.empty()) {
        const auto line = take_line(header);
        if (line == "\r\n" || line == "\n") break;
        if (line.front() != ' ' && line.front() != '\t') {
            const auto name = name_of(line);
            is_kept = (!name.empty() && is_named(names, name)) == keep_named;
        }
        if (is_kept) kept += line;
    }
    if (!kept.empty() && kept.back() != '\n') kept += "\r\n";
    return kept + "\r\n";
}

}  // namespace hauspost::imap
