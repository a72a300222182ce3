#pragma once

#include <cstddef>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hauspost::imap {

/// A value of IMAP syntax as a client would read it.
struct imap_value {
    enum class kind { atom, text, list };
    kind type = kind::atom;
    std::string text;
    std::vector<imap_value> items;

    bool is_nil() const { return type == kind::atom && text == "NIL"; }
    bool is_nstring() const { return is_nil() || type == kind::text; }
    bool is_number() const {
        return type == kind::atom && text.find_first_not_of("0123456789") == std::string::npos;
    }
};

/// Reads strictly what RFC 9051 9 allows; written apart from the product's own reader, so that both
/// must agree. Depth is bounded by the product's limits.
class imap_syntax {
public:
    static std::optional<imap_value> read(std::string_view octets) {
        imap_syntax in(octets);
        auto value = in.value(0);
        if (!in.ok_ || in.at_ != octets.size()) return std::nullopt;
        return value;
    }

private:
    explicit imap_syntax(std::string_view octets) : octets_(octets) {}

    char peek() const { return at_ < octets_.size() ? octets_[at_] : '\0'; }

    imap_value value(int depth) {
        if (depth > 300 || at_ >= octets_.size()) return failed();
        if (peek() == '(') return list(depth);
        if (peek() == '"') return quoted();
        if (peek() == '{') return literal();
        imap_value atom;
        while (at_ < octets_.size() && std::string_view(" ()\"{").find(peek()) == npos) {
            const char c = octets_[at_++];
            if (c < '0' || c > 'z') return failed();
            atom.text += c;
        }
        if (atom.text != "NIL" && !atom.is_number()) return failed();
        return atom.text.empty() ? failed() : atom;
    }

    /// Between values one space, which only two lists may leave out.
    imap_value list(int depth) {
        imap_value result;
        result.type = imap_value::kind::list;
        ++at_;
        while (ok_ && peek() != ')') {
            if (!result.items.empty() && peek() == ' ') {
                ++at_;
            } else if (!result.items.empty() &&
                       (peek() != '(' || result.items.back().type != imap_value::kind::list)) {
                return failed();
            }
            result.items.push_back(value(depth + 1));
        }
        ++at_;
        if (result.items.empty()) return failed();
        return result;
    }

    imap_value quoted() {
        imap_value result;
        result.type = imap_value::kind::text;
        for (++at_; peek() != '"'; ++at_) {
            const bool escaped = peek() == '\\';
            if (escaped) ++at_;
            const char c = peek();
            if (c <= 0 || c == '\r' || c == '\n') return failed();
            if (escaped && c != '"' && c != '\\') return failed();
            result.text += c;
        }
        ++at_;
        return result;
    }

    imap_value literal() {
        const auto end = octets_.find("}\r\n", at_);
        if (end == npos || end == at_ + 1) return failed();
        const auto count = std::strtoull(std::string(octets_.substr(at_ + 1)).c_str(), nullptr, 10);
        at_ = end + 3;
        if (count > octets_.size() - at_) return failed();
        imap_value result;
        result.type = imap_value::kind::text;
        result.text = octets_.substr(at_, count);
        at_ += count;
        for (const char c : result.text)
            if (c <= 0) return failed();
        return result;
    }

    imap_value failed() {
        ok_ = false;
        return {};
    }

    static constexpr auto npos = std::string_view::npos;
    std::string_view octets_;
    std::size_t at_ = 0;
    bool ok_ = true;
};

/// ENVELOPE: ten members, addresses of four nstrings. RFC 9051 7.5.2.
inline bool is_envelope(const imap_value& value) {
    if (value.type != imap_value::kind::list || value.items.size() != 10) return false;
    for (std::size_t i = 0; i < 10; ++i) {
        const auto& member = value.items[i];
        const bool addresses = i >= 2 && i <= 7;
        if (!addresses && !member.is_nstring()) return false;
        if (!addresses || member.is_nil()) continue;
        if (member.type != imap_value::kind::list) return false;
        for (const auto& address : member.items) {
            if (address.type != imap_value::kind::list || address.items.size() != 4) return false;
            for (const auto& field : address.items)
                if (!field.is_nstring()) return false;
        }
    }
    return true;
}

/// BODYSTRUCTURE, or BODY when `extended` is false. RFC 9051 9 "body".
inline bool is_body(const imap_value& value, bool extended) {
    if (value.type != imap_value::kind::list || value.items.empty()) return false;
    const auto& items = value.items;
    std::size_t at = 0;
    const auto is_list_or_nil = [](const imap_value& item) {
        return item.is_nil() || item.type == imap_value::kind::list;
    };
    if (items[0].type == imap_value::kind::list) {
        while (at < items.size() && items[at].type == imap_value::kind::list)
            if (!is_body(items[at++], extended)) return false;
        if (at == items.size() || items[at].type != imap_value::kind::text) return false;
        return items.size() == at + (extended ? 5 : 1);  // parameters, disposition, language, ...
    }
    if (items.size() < 7 || items[0].type != imap_value::kind::text ||
        items[1].type != imap_value::kind::text || !is_list_or_nil(items[2]) ||
        !items[3].is_nstring() || !items[4].is_nstring() ||
        items[5].type != imap_value::kind::text || !items[6].is_number())
        return false;
    at = 7;
    if (items[0].text == "message" && (items[1].text == "rfc822" || items[1].text == "global")) {
        if (items.size() < 10 || !is_envelope(items[7]) || !is_body(items[8], extended) ||
            !items[9].is_number())
            return false;
        at = 10;
    } else if (items[0].text == "text") {
        if (items.size() < 8 || !items[7].is_number()) return false;
        at = 8;
    }
    return items.size() == at + (extended ? 4 : 0);  // md5, disposition, language, location
}

}  // namespace hauspost::imap
