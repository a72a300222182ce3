#include "protocols/message/header.hpp"

#include "base/ascii.hpp"
#include "protocols/message/encoded_word.hpp"

#include <algorithm>

namespace hauspost::message {
namespace {

bool begins_empty_line(std::string_view octets) noexcept {
    return octets.starts_with('\n') || octets.starts_with("\r\n");
}

bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

/// One past the line end of the field at the start of octets, continuation lines included.
std::size_t field_length(std::string_view octets) noexcept {
    std::size_t end = 0;
    do {
        const auto newline = octets.find('\n', end);
        if (newline == std::string_view::npos) return octets.size();
        end = newline + 1;
    } while (end < octets.size() && is_blank(octets[end]));
    return end;
}

std::string_view without_line_end(std::string_view line) noexcept {
    if (line.ends_with('\n')) line.remove_suffix(1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

/// RFC 5322 2.2 ftext, and 4.5: obsolete fields may have white space before the colon.
std::string_view field_name(std::string_view before_colon) noexcept {
    while (!before_colon.empty() && is_blank(before_colon.back()))
        before_colon.remove_suffix(1);
    const bool is_name = std::all_of(before_colon.begin(), before_colon.end(),
                                     [](char c) { return c > 0x20 && c < 0x7f; });
    return is_name ? before_colon : std::string_view{};
}

}  // namespace

header_span find_header_end(std::string_view octets) noexcept {
    std::size_t line = 0;
    while (line < octets.size()) {
        if (octets[line] == '\n') return {line, line + 1};
        if (octets.substr(line, 2) == "\r\n") return {line, line + 2};
        const auto newline = octets.find('\n', line);
        if (newline == std::string_view::npos) break;
        line = newline + 1;
    }
    return {octets.size(), octets.size()};
}

bool header_reader::next() noexcept {
    if (rest_.empty() || begins_empty_line(rest_)) return false;
    if (fields_ >= header_limits::max_fields || octets_ >= header_limits::max_octets) return false;
    const auto length = field_length(rest_);
    field_.raw = rest_.substr(0, length);
    rest_.remove_prefix(length);
    octets_ += length;
    ++fields_;

    // A field name longer than the first kilooctet is none: no search through a huge line.
    const auto colon = field_.raw.substr(0, 1024).find(':');
    field_.name = colon == std::string_view::npos ? std::string_view{}
                                                  : field_name(field_.raw.substr(0, colon));
    field_.value =
        without_line_end(field_.name.empty() ? field_.raw : field_.raw.substr(colon + 1));
    field_.value = field_.value.substr(0, header_limits::max_field_octets);
    return true;
}

std::string_view find_field(std::string_view header, std::string_view name) noexcept {
    for (header_reader reader(header); reader.next();)
        if (ascii::equal_nocase(reader.field().name, name)) return reader.field().value;
    return {};
}

std::string unfolded(std::string_view value) {
    value = ascii::trimmed(value);
    std::string out;
    out.reserve(value.size());
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        if (c != '\r' && c != '\n' && c != '\0') {
            out.push_back(c);
            continue;
        }
        const std::size_t fold = value.substr(i, 2) == "\r\n" ? 2 : 1;
        if (c != '\0' && i + fold < value.size() && is_blank(value[i + fold])) i += fold;
        out.push_back(' ');  // the white space of the fold, or what stands for the octet
    }
    return out;
}

std::string_view behind_comments(std::string_view value) noexcept {
    std::size_t depth = 0, i = 0;  // the depth is a counter: no recursion
    for (; i < value.size(); ++i) {
        const char c = value[i];
        if (c == '(')
            ++depth;
        else if (c == ')' && depth > 0)
            --depth;
        else if (c == '\\' && depth > 0)
            ++i;
        else if (depth == 0 && c != ' ' && c != '\t' && c != '\r' && c != '\n')
            break;
    }
    return value.substr(std::min(i, value.size()));
}

std::string without_comments(std::string_view value) {
    std::string out;
    bool is_quoted = false;
    for (value = behind_comments(value); !value.empty();) {
        const char c = value.front();
        if (!is_quoted && (c == '(' || c == ' ' || c == '\t' || c == '\r' || c == '\n')) {
            value = behind_comments(value);
            if (!value.empty()) out += ' ';
            continue;
        }
        const std::size_t octets = is_quoted && c == '\\' && value.size() > 1 ? 2 : 1;
        if (c == '"') is_quoted = !is_quoted;
        out += value.substr(0, octets);
        value.remove_prefix(octets);
    }
    return unfolded(out);
}

std::string decoded_field(std::string_view header, std::string_view name) {
    return decode_encoded_words(find_field(header, name));
}

}  // namespace hauspost::message
