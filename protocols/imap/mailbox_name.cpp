#include "protocols/imap/mailbox_name.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocols/imap/canonical_owner.hpp"
#include "protocols/imap/limits.hpp"
#include "protocols/imap/list_pattern.hpp"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace hauspost::imap {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";  // RFC 3501 5.1.3

constexpr bool is_printable(std::uint32_t code) {
    return code >= 0x20 && code <= 0x7e;
}

void append_utf8(std::string& out, std::uint32_t code) {
    const auto put = [&out](std::uint32_t octet) { out.push_back(static_cast<char>(octet)); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xc0 | code >> 6);
        put(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        put(0xe0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3f));
        put(0x80 | (code & 0x3f));
    } else {
        put(0xf0 | code >> 18);
        put(0x80 | (code >> 12 & 0x3f));
        put(0x80 | (code >> 6 & 0x3f));
        put(0x80 | (code & 0x3f));
    }
}

/// Takes one code point off well-formed UTF-8.
std::uint32_t take_code(std::string_view& text) {
    const auto octet = [&text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned lead = octet(0);
    const std::size_t count = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    std::uint32_t code = count == 1 ? lead : lead & (0x7fu >> count);
    for (std::size_t at = 1; at < count; ++at)
        code = code << 6 | (octet(at) & 0x3fu);
    text.remove_prefix(count);
    return code;
}

/// Puts 16-bit units together to code points; false when they are not well-formed.
class unit_joiner {
public:
    explicit unit_joiner(std::string& out) : out_(out) {}
    bool add(std::uint32_t unit) {
        const bool is_low = unit >= 0xdc00 && unit < 0xe000;
        if (is_low != (high_ != 0)) return false;
        if (unit >= 0xd800 && unit < 0xdc00) {
            high_ = unit;
            return true;
        }
        const auto code = is_low ? 0x10000 + ((high_ - 0xd800) << 10) + (unit - 0xdc00) : unit;
        high_ = 0;
        if (is_printable(code)) return false;  // RFC 3501 5.1.3: those represent themselves
        append_utf8(out_, code);
        return true;
    }
    [[nodiscard]] bool is_complete() const { return high_ == 0; }

private:
    std::string& out_;
    std::uint32_t high_ = 0;
};

/// The digits between "&" and "-", at least one.
bool decode_run(std::string_view digits, std::string& out) {
    unit_joiner joiner(out);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char digit : digits) {
        const auto value = alphabet.find(digit);
        if (value == std::string_view::npos) return false;
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        count += 6;
        if (count < 16) continue;
        count -= 16;
        if (!joiner.add(bits >> count & 0xffff)) return false;
        bits &= (1u << count) - 1;
    }
    // A whole left-over digit or left-over bits that are set: a second spelling of the same name.
    return joiner.is_complete() && count < 6 && bits == 0;
}

void encode_run(const std::vector<std::uint16_t>& units, std::string& out) {
    out.push_back('&');
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const auto unit : units) {
        bits = (bits << 16 | unit) & 0x3fffff;  // at most 4 bits were left over
        count += 16;
        while (count >= 6) {
            count -= 6;
            out.push_back(alphabet[bits >> count & 63]);
        }
    }
    if (count > 0) out.push_back(alphabet[bits << (6 - count) & 63]);
    out.push_back('-');
}

}  // namespace

std::optional<std::string> decode_mutf7(std::string_view text) {
    std::string out;
    bool after_run = false;
    while (!text.empty()) {
        const char c = text.front();
        if (!is_printable(static_cast<unsigned char>(c))) return std::nullopt;
        text.remove_prefix(1);
        if (c != '&') {
            out.push_back(c);
            after_run = false;
            continue;
        }
        const auto end = text.find('-');
        if (end == std::string_view::npos) return std::nullopt;
        if (end == 0) {
            out.push_back('&');
            after_run = false;
        } else {
            if (after_run || !decode_run(text.substr(0, end), out)) return std::nullopt;
            after_run = true;
        }
        text.remove_prefix(end + 1);
    }
    return out;
}

std::string encode_mutf7(std::string_view name) {
    std::string repaired;
    if (!utf8::is_valid(name)) name = repaired = utf8::repaired(name);
    std::string out;
    std::vector<std::uint16_t> run;
    while (!name.empty()) {
        const auto code = take_code(name);
        if (!is_printable(code)) {
            if (code >= 0x10000) {
                run.push_back(static_cast<std::uint16_t>(0xd800 + ((code - 0x10000) >> 10)));
                run.push_back(static_cast<std::uint16_t>(0xdc00 + ((code - 0x10000) & 0x3ff)));
            } else {
                run.push_back(static_cast<std::uint16_t>(code));
            }
            continue;
        }
        if (!run.empty()) encode_run(run, out);
        run.clear();
        out.push_back(static_cast<char>(code));
        if (code == '&') out.push_back('-');
    }
    if (!run.empty()) encode_run(run, out);
    return out;
}

std::optional<std::string> decode_mailbox(std::string_view wire, bool is_utf8) {
    if (!is_utf8) return decode_mutf7(wire);
    if (!utf8::is_valid(wire)) return std::nullopt;
    return std::string(wire);
}

std::string composed(std::string text) {
    if (utf8::is_ascii(text) || !utf8::is_valid(text)) return text;
    UErrorCode status = U_ZERO_ERROR;
    const auto* form = icu::Normalizer2::getNFCInstance(status);
    if (U_FAILURE(status)) return text;
    std::string out;
    icu::StringByteSink<std::string> sink(&out);
    const icu::StringPiece piece(text.data(), static_cast<std::int32_t>(text.size()));
    form->normalizeUTF8(0, piece, sink, nullptr, status);
    return U_SUCCESS(status) ? out : text;
}

bool is_inbox_tree(std::string_view name) noexcept {
    return ascii::starts_with_nocase(name, inbox_name) &&
           (name.size() == inbox_name.size() || name[inbox_name.size()] == '/');
}

std::string canonical_mailbox(std::string name) {
    name = composed(std::move(name));
    if (is_inbox_tree(name)) name.replace(0, inbox_name.size(), inbox_name);
    return canonical_owner(std::move(name));
}

name_fault check_mailbox_name(std::string_view name) noexcept {
    if (name.empty()) return name_fault::empty;
    if (name.size() > max_mailbox_octets) return name_fault::too_long;
    if (!utf8::is_valid(name)) return name_fault::not_utf8;
    for (auto rest = name; !rest.empty();) {
        const auto code = take_code(rest);
        if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029)
            return name_fault::control;
        if (code == '*' || code == '%') return name_fault::wildcard;
    }
    if (name.front() == '/' || name.back() == '/' || name.find("//") != std::string_view::npos)
        return name_fault::empty_level;
    const auto slashes = static_cast<std::size_t>(std::count(name.begin(), name.end(), '/'));
    return slashes + 1 > max_mailbox_levels ? name_fault::too_deep : name_fault::none;
}

std::string_view text_of(name_fault fault) noexcept {
    switch (fault) {
    case name_fault::none: return "the mailbox name is fine";
    case name_fault::empty: return "the mailbox name is empty";
    case name_fault::too_long: return "the mailbox name is longer than 255 octets";
    case name_fault::too_deep: return "the mailbox name has more than 20 levels";
    case name_fault::empty_level: return "the mailbox name has an empty level";
    case name_fault::control: return "the mailbox name has control characters";
    case name_fault::wildcard: return "the mailbox name has a wildcard, * or %";
    case name_fault::not_utf8: return "the mailbox name is not UTF-8";
    }
    return "";
}

bool list_matches(std::string_view pattern, std::string_view name) {
    return list_pattern(pattern).matches(name);
}

}  // namespace hauspost::imap
