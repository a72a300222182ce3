#include "protocols/message/encoded_word.hpp"

#include "base/ascii.hpp"
#include "base/base64.hpp"
#include "base/utf8.hpp"
#include "protocols/message/charset.hpp"
#include "protocols/message/code_points.hpp"
#include "protocols/message/header.hpp"

#include <algorithm>

namespace hauspost::message {
namespace {

constexpr std::size_t max_charset_octets = 64;       // ours: charset and language tag together
constexpr std::size_t max_encoded_word_octets = 75;  // RFC 2047 2
constexpr std::string_view word_begin_q = "=?utf-8?Q?";
constexpr std::string_view word_begin_b = "=?utf-8?B?";
constexpr std::string_view word_end = "?=";
constexpr std::size_t max_payload_octets =
    max_encoded_word_octets - word_begin_q.size() - word_end.size();

struct encoded_word {
    std::string_view charset;  // without language tag
    char encoding = 0;         // 'Q' or 'B'
    std::string_view payload;
    std::size_t length = 0;  // of the whole word; 0: there is none
};

/// RFC 2047 2: "=?" charset "?" encoding "?" encoded-text "?=". Differs: Q text may have spaces,
/// because many writers leave them in.
encoded_word parse_encoded_word(std::string_view text) noexcept {
    if (!text.starts_with("=?")) return {};
    const auto charset_end = text.substr(0, max_charset_octets + 3).find('?', 2);
    if (charset_end == std::string_view::npos || charset_end == 2 || text.size() < charset_end + 5)
        return {};
    encoded_word word;
    word.charset = text.substr(2, charset_end - 2);
    word.charset = word.charset.substr(0, word.charset.find('*'));  // RFC 2231 5
    word.encoding = ascii::to_upper(text[charset_end + 1]);
    if ((word.encoding != 'Q' && word.encoding != 'B') || text[charset_end + 2] != '?') return {};
    const auto begin = charset_end + 3;
    const auto end = text.find('?', begin);
    if (end == std::string_view::npos || !text.substr(end).starts_with(word_end)) return {};
    word.payload = text.substr(begin, end - begin);
    if (word.encoding == 'B' && word.payload.find_first_of(" \t\r\n") != std::string_view::npos)
        return {};
    word.length = end + word_end.size();
    return word;
}

void append_decoded(std::string& out, const encoded_word& word) {
    if (word.encoding == 'Q') {  // RFC 2047 4.2
        std::string payload(word.payload);
        std::replace(payload.begin(), payload.end(), '_', ' ');
        return append_hex_decoded(out, payload, '=');
    }
    base64::mime_decoder decoder;
    decoder.feed(word.payload, out);
    decoder.finish(out);
}

/// Puts plain text and encoded words together. Neighbours of one charset are converted together:
/// many writers cut a character in two.
class word_joiner {
public:
    void word(const encoded_word& word) {
        if (!ascii::equal_nocase(word.charset, charset_)) {
            flush();
            charset_ = word.charset;
        }
        append_decoded(pending_, word);
    }
    void plain(std::string_view text) {
        flush();
        charset_ = {};
        out_ += utf8_or_latin1(text);
    }
    std::string take() {
        flush();
        return without_controls(out_);
    }

private:
    void flush() {
        if (!pending_.empty()) out_ += to_utf8(pending_, charset_);
        pending_.clear();
    }
    std::string out_;
    std::string pending_;  // decoded octets, still in charset_
    std::string_view charset_;
};

std::string decode_words(std::string_view text) {
    word_joiner joiner;
    std::size_t plain = 0;  // where text begins that is not taken yet
    bool after_word = false;
    std::string_view known;  // the charset looked up last
    for (auto at = text.find("=?"); at != std::string_view::npos; at = text.find("=?", at)) {
        const auto word = parse_encoded_word(text.substr(at));
        if (word.length == 0 ||
            (!ascii::equal_nocase(word.charset, known) && !is_known_charset(word.charset))) {
            at += 2;
            continue;
        }
        known = word.charset;
        const auto between = text.substr(plain, at - plain);
        // RFC 2047 6.2: white space between two encoded words is not shown.
        if (!after_word || between.find_first_not_of(" \t") != std::string_view::npos) {
            if (!between.empty()) joiner.plain(between);
        }
        joiner.word(word);
        at += word.length;
        plain = at;
        after_word = true;
    }
    if (plain < text.size()) joiner.plain(text.substr(plain));
    return joiner.take();
}

/// RFC 2047 5 (3): what may stand in an encoded word of a phrase.
bool is_plain_in_q(char c) {
    return ascii::is_alnum(c) || c == '!' || c == '*' || c == '+' || c == '-' || c == '/';
}

std::size_t q_octets(char c) {
    return is_plain_in_q(c) || c == ' ' ? 1 : 3;
}

void append_q_encoded(std::string& out, std::string_view octets) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : octets) {
        const auto octet = static_cast<unsigned char>(c);
        if (c == ' ')
            out.push_back('_');
        else if (is_plain_in_q(c))
            out.push_back(c);
        else
            out += {'=', digits[octet >> 4], digits[octet & 0x0f]};
    }
}

/// How much of the text fits into one word without cutting a character.
std::size_t word_octets(std::string_view text, bool as_q) {
    std::size_t fits = 0, payload = 0, end = 0;
    while (end < text.size()) {
        const auto begin = end++;
        while (end < text.size() && is_utf8_tail(text[end]) && end - begin < 4)
            ++end;
        for (auto i = begin; i < end; ++i)
            payload += as_q ? q_octets(text[i]) : 0;
        if (!as_q) payload = (end + 2) / 3 * 4;
        if (payload > max_payload_octets) break;
        fits = end;
    }
    return fits;
}

}  // namespace

std::string decode_encoded_words(std::string_view text) {
    text = ascii::trimmed(text);
    const bool plain =
        std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
    if (plain && text.find("=?") == std::string_view::npos) return std::string(text);
    return decode_words(unfolded(text));
}

std::string encode_encoded_words(std::string_view utf8) {
    const bool printable =
        std::all_of(utf8.begin(), utf8.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
    if (printable && utf8.find("=?") == std::string_view::npos) return std::string(utf8);
    std::size_t as_q_octets = 0;
    for (const char c : utf8)
        as_q_octets += q_octets(c);
    const bool as_q = as_q_octets <= utf8.size() / 3 * 4 + 4;
    std::string out;
    while (!utf8.empty()) {
        const auto part = utf8.substr(0, word_octets(utf8, as_q));
        utf8.remove_prefix(part.size());
        if (!out.empty()) out.push_back(' ');
        out += as_q ? word_begin_q : word_begin_b;
        if (as_q)
            append_q_encoded(out, part);
        else
            out += base64::encode(part);
        out += word_end;
    }
    return out;
}

std::size_t encoded_word_length(std::string_view text) noexcept {
    return parse_encoded_word(text).length;
}

std::string without_controls(std::string_view utf8) {
    std::string out;
    out.reserve(utf8.size());
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const char c = utf8[i];
        if (c == '\t' || c == '\r' || c == '\n') {
            out.push_back(' ');
        } else if (c == '\xc2' && i + 1 < utf8.size() &&
                   static_cast<unsigned char>(utf8[i + 1]) < 0xa0) {
            ++i;  // U+0080 to U+009F
        } else if (!ascii::is_control(c)) {
            out.push_back(c);
        }
    }
    return out;
}

}  // namespace hauspost::message
