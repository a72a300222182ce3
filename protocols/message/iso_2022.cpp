#include "protocols/message/iso_2022.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocols/message/charset.hpp"

#include <cstdint>

namespace hauspost::message {
namespace {

constexpr char escape = '\x1b';
constexpr char shift_out = '\x0e';
constexpr char shift_in = '\x0f';

/// A set of characters and where they stand in a charset of eight bits.
struct char_set {
    std::string_view charset = {};  // "": ASCII
    std::uint8_t octets = 1;        // of one character
    char before = 0;                // stands before each character there, 0: nothing

    bool operator==(const char_set&) const = default;
};

constexpr char_set ascii_set{};
constexpr char_set kana_set{"euc-jp", 1, '\x8e'};  // JIS X 0201

char_set set_of_one_octet(char final) {
    return final == 'I' ? kana_set : ascii_set;  // JIS-Roman differs in two characters: as ASCII
}

char_set set_of_two_octets(char final) {
    switch (final) {
    case 'A': return {"gb2312", 2};
    case 'C': return {"euc-kr", 2};          // RFC 1557
    case 'D': return {"euc-jp", 2, '\x8f'};  // JIS X 0212, RFC 2237
    case 'G': return {"euc-tw", 2};          // CNS 11643, plane 1
    default: return {"euc-jp", 2};           // JIS X 0208, old and new
    }
}

char_set upper_half_of(char final) {
    return {final == 'F' ? "iso-8859-7" : "iso-8859-1"};
}

/// Gathers octets of one charset and converts them together.
class text_joiner {
public:
    void add(char octet, std::string_view charset) {
        if (charset != charset_) flush();
        charset_ = charset;
        pending_.push_back(octet);
    }
    void add_high(std::string_view octets, const char_set& set) {
        if (set.before != 0) add(set.before, set.charset);
        for (const char c : octets)
            add(static_cast<char>(c | '\x80'), set.charset);
    }
    void flush() {
        out_ += charset_.empty() ? pending_ : to_utf8(pending_, charset_);
        pending_.clear();
    }
    std::string take() {
        flush();
        return std::move(out_);
    }

private:
    std::string out_, pending_;
    std::string_view charset_;
};

constexpr bool is_final(char c) {
    return c >= 0x30 && c <= 0x7e;
}

class iso_2022_reader {
public:
    iso_2022_reader(std::string_view octets, std::string_view eight_bit)
        : rest_(octets), eight_bit_(eight_bit) {}

    std::string run() {
        while (!rest_.empty()) {
            const char c = rest_.front();
            if (c == escape && take_escape()) continue;
            if (c == shift_out || c == shift_in)
                take_shift(c == shift_out);
            else
                take_character(c);
        }
        return out_.take();
    }

private:
    [[nodiscard]] char at(std::size_t n) const { return n < rest_.size() ? rest_[n] : '\0'; }
    void skip(std::size_t octets) { rest_.remove_prefix(octets); }

    /// False when no sequence that we know begins here.
    bool take_escape() {
        if (at(1) == '$') return take_wide();
        if (!is_final(at(2)) && at(1) != 'N') return false;
        switch (at(1)) {
        case '(': lower_ = set_of_one_octet(at(2)); break;
        case ')': upper_ = set_of_one_octet(at(2)); break;
        case '.': third_ = upper_half_of(at(2)); break;
        case 'N':  // RFC 1554: one character of the third
            if (at(2) < ' ') return false;
            out_.add_high(rest_.substr(2, 1), third_);
            break;
        default: return false;
        }
        if (at(1) == '(') is_out_ = false;
        skip(3);
        return true;
    }

    /// Behind ESC "$": a set of two octets.
    bool take_wide() {
        const bool is_short = at(2) == '@' || at(2) == 'A' || at(2) == 'B';  // RFC 1468
        const char final = is_short ? at(2) : at(3);
        if (!is_final(final) || (!is_short && at(2) != '(' && at(2) != ')')) return false;
        if (at(2) == ')') {
            upper_ = set_of_two_octets(final);
        } else {
            lower_ = set_of_two_octets(final);
            is_out_ = false;
        }
        skip(is_short ? 3 : 4);
        return true;
    }

    void take_shift(bool is_out) {
        is_out_ = is_out;
        skip(1);
    }

    void take_character(char c) {
        const auto& set = is_out_ ? upper_ : lower_;
        const bool is_plain = c <= ' ' || c == '\x7f' || set.charset.empty();
        if (ascii::is_8bit(c)) {
            out_.add(c, eight_bit_);
        } else if (is_plain) {
            if (c == '\n') {
                lower_ = ascii_set;
                is_out_ = false;
            }
            out_.add(c, {});
        } else {
            const auto whole = rest_.substr(0, set.octets);
            // Half a character before a line end or an escape sequence stays half.
            const bool is_half = whole.size() < set.octets || whole.back() <= ' ';
            out_.add_high(is_half ? whole.substr(0, 1) : whole, set);
            return skip(is_half ? 1 : set.octets);
        }
        skip(1);
    }

    std::string_view rest_;
    std::string_view eight_bit_;
    text_joiner out_;
    char_set lower_ = ascii_set, upper_ = kana_set, third_ = {"iso-8859-1"};
    bool is_out_ = false;  // upper_ is read
};

}  // namespace

std::string iso_2022_to_utf8(std::string_view octets, std::string_view eight_bit) {
    if (!utf8::is_ascii(octets) && utf8::is_valid(octets)) eight_bit = "utf-8";
    return iso_2022_reader(octets, eight_bit).run();
}

std::string hz_to_utf8(std::string_view octets) {
    constexpr std::string_view chinese = "gb2312";
    text_joiner out;
    bool is_chinese = false;
    for (std::size_t i = 0; i < octets.size(); ++i) {
        const char c = octets[i];
        const char next = i + 1 < octets.size() ? octets[i + 1] : '\0';
        if (c == '~' && (next == '{' || next == '}' || next == '~' || next == '\n')) {
            if (next == '~') out.add('~', {});
            if (next == '{' || next == '}') is_chinese = next == '{';
            ++i;
        } else if (is_chinese && c > ' ' && next > ' ') {
            out.add(static_cast<char>(c | '\x80'), chinese);
            out.add(static_cast<char>(next | '\x80'), chinese);
            ++i;
        } else {
            is_chinese = is_chinese && c != '\n';
            out.add(c, ascii::is_8bit(c) ? chinese : std::string_view{});
        }
    }
    return out.take();
}

}  // namespace hauspost::message
