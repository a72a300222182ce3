#include "protocols/message/content_type.hpp"

#include "base/ascii.hpp"
#include "protocols/message/charset.hpp"
#include "protocols/message/code_points.hpp"
#include "protocols/message/encoded_word.hpp"
#include "protocols/message/header.hpp"

#include <algorithm>
#include <optional>

namespace hauspost::message {
namespace {

constexpr std::size_t max_type_octets = 127;  // RFC 6838 4.2

/// Takes "token; name=value; ..." apart. Each octet is looked at once.
class value_reader {
public:
    explicit value_reader(std::string_view value) : rest_(value) {}

    void skip_space() { rest_ = behind_comments(rest_); }
    std::string_view token(std::string_view ends) {
        const auto taken = rest_.substr(0, rest_.find_first_of(ends));
        rest_.remove_prefix(taken.size());
        return taken;
    }
    bool take(char c) {
        skip_space();
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    bool at_end() const { return rest_.empty(); }

    std::string value() {
        skip_space();
        if (rest_.starts_with('"')) return quoted();
        const auto whole = rest_.substr(0, rest_.find(';'));
        auto text = token(" \t\r\n;(");
        skip_space();
        // RFC 2045 5.1 wants quotes around spaces, but writers forget them.
        if (!rest_.empty() && rest_.front() != ';') {
            text = ascii::trimmed(whole);
            token(";");
        }
        return std::string(text);
    }

private:
    std::string quoted() {
        std::string text;
        std::size_t i = 1;
        for (; i < rest_.size() && rest_[i] != '"'; ++i) {
            if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
            if (rest_[i] != '\r' && rest_[i] != '\n') text.push_back(rest_[i]);
        }
        rest_.remove_prefix(i < rest_.size() ? i + 1 : i);
        return text;
    }
    std::string_view rest_;
};

/// A parameter as written: "name", "name*", "name*0", "name*0*".
struct raw_parameter {
    std::string name;
    std::optional<int> section;
    bool extended = false;  // percent-encoded; the first section begins with charset'language'
    std::string value;
};

std::optional<raw_parameter> read_parameter(value_reader& in) {
    in.skip_space();
    std::string_view name = in.token("= \t\r\n;(\"");
    if (!in.take('=') || name.empty()) {
        in.token(";");
        return std::nullopt;
    }
    raw_parameter parameter;
    if (name.ends_with('*')) {
        parameter.extended = true;
        name.remove_suffix(1);
    }
    if (const auto star = name.find('*'); star != std::string_view::npos) {
        constexpr std::size_t max_digits = 3;
        const auto digits = name.substr(star + 1);
        const bool number = !digits.empty() && digits.size() <= max_digits &&
                            std::all_of(digits.begin(), digits.end(), ascii::is_digit);
        if (!number) {
            in.value();
            return std::nullopt;
        }
        int section = 0;
        for (const char c : digits)
            section = section * 10 + (c - '0');
        parameter.section = section;
        name = name.substr(0, star);
    }
    parameter.name = ascii::lowered(name.substr(0, max_type_octets));
    parameter.value = in.value();
    return parameter;
}

/// Joins the sections 0, 1, 2 ... of one name up to the first gap; first wins. RFC 2231 3, 4.
class section_joiner {
public:
    void add(const raw_parameter& parameter) {
        std::string_view text = parameter.value;
        if (next_ == 0 && parameter.extended) take_charset(text);
        if (parameter.extended)
            append_hex_decoded(octets_, text, '%');
        else
            octets_ += text;
        ++next_;
    }
    int next() const { return next_; }
    std::string text() const { return without_controls(to_utf8(octets_, charset_)); }

private:
    /// charset'language'
    void take_charset(std::string_view& text) {
        const auto first = text.find('\'');
        const auto second =
            first == std::string_view::npos ? std::string_view::npos : text.find('\'', first + 1);
        if (second == std::string_view::npos) return;
        charset_ = std::string(text.substr(0, first));
        text.remove_prefix(second + 1);
    }
    std::string octets_, charset_;
    int next_ = 0;
};

/// How much a form of a parameter is to be believed: name* before name*0 before name.
int rank(const raw_parameter& parameter) {
    if (parameter.section) return 1;
    return parameter.extended ? 0 : 2;
}

/// At most max_parameters come in, so that looking for names is bounded.
std::vector<parameter> assemble(std::vector<raw_parameter> raw) {
    std::vector<std::string> order;  // names as they came first
    for (const auto& entry : raw)
        if (std::find(order.begin(), order.end(), entry.name) == order.end())
            order.push_back(entry.name);
    std::stable_sort(raw.begin(), raw.end(), [](const auto& a, const auto& b) {
        return rank(a) != rank(b) ? rank(a) < rank(b) : a.section < b.section;
    });
    std::vector<parameter> parameters;
    for (auto& name : order) {
        section_joiner joined;
        for (const auto& entry : raw) {
            if (entry.name != name) continue;
            const bool continues = entry.section == joined.next() && rank(entry) == 1;
            if (!continues && (entry.section || joined.next() > 0)) continue;
            joined.add(entry);
            if (!entry.section) break;
        }
        if (joined.next() > 0) parameters.push_back({std::move(name), joined.text()});
    }
    return parameters;
}

std::vector<parameter> read_parameters(value_reader& in) {
    std::vector<raw_parameter> raw;
    while (!in.at_end() && raw.size() < max_parameters) {
        while (in.take(';')) {
        }
        if (in.at_end()) break;
        if (auto parameter = read_parameter(in)) raw.push_back(std::move(*parameter));
    }
    return assemble(std::move(raw));
}

/// A type or subtype: lower case, "" when it is no token. RFC 2045 5.1.
std::string type_token(std::string_view text) {
    const bool is_token =
        text.size() <= max_type_octets && std::all_of(text.begin(), text.end(), [](char c) {
            return c > 0x20 && c < 0x7f &&
                   std::string_view("()<>@,;:\\\"/[]?=").find(c) == std::string_view::npos;
        });
    return is_token ? ascii::lowered(text) : std::string{};
}

}  // namespace

std::string_view content_type::find(std::string_view name) const noexcept {
    for (const auto& entry : parameters)
        if (entry.name == name) return entry.value;
    return {};
}

content_type parse_content_type(std::string_view value) {
    value_reader in(value);
    content_type result;
    in.skip_space();
    result.type = type_token(in.token("/; \t\r\n("));
    if (in.take('/')) {
        in.skip_space();
        result.subtype = type_token(in.token("; \t\r\n("));
    }
    if (result.type.empty() || result.subtype.empty()) {
        result.type = "text";
        result.subtype = "plain";
    }
    in.token(";");
    result.parameters = read_parameters(in);
    return result;
}

content_type parse_content_disposition(std::string_view value) {
    value_reader in(value);
    content_type result;
    in.skip_space();
    result.type = type_token(in.token("; \t\r\n("));
    in.token(";");
    result.parameters = read_parameters(in);
    return result;
}

}  // namespace hauspost::message
