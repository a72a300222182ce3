#include "protocols/dkim/relaxed_header.hpp"

#include "base/ascii.hpp"
#include "protocols/message/header.hpp"

#include <algorithm>
#include <unordered_map>

namespace hauspost::dkim {
namespace {

bool is_fold_or_space(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// "b" and what may stand around it before its "=".
bool is_signature_tag(std::string_view spec) noexcept {
    return ascii::trimmed(spec.substr(0, spec.find('='))) == "b" &&
           spec.find('=') != std::string_view::npos;
}

/// Without its last line end. "simple" changes nothing (RFC 6376 3.4.1).
void append_field(std::string& out, std::string_view field, canonicalization form) {
    if (form == canonicalization::relaxed) return append_relaxed_field(out, field);
    if (field.ends_with("\r\n")) field.remove_suffix(2);
    out += field;
}

}  // namespace

void append_relaxed_field(std::string& out, std::string_view field) {
    const auto colon = std::min(field.find(':'), field.size());
    out += ascii::lowered(ascii::trimmed(field.substr(0, colon)));
    out += ':';
    auto value = ascii::trimmed(field.substr(std::min(field.size(), colon + 1)));
    while (!value.empty()) {
        const auto* const end = std::find_if(value.begin(), value.end(), is_fold_or_space);
        const auto word = static_cast<std::size_t>(end - value.begin());
        out += value.substr(0, word);
        value.remove_prefix(word);
        const auto rest = std::find_if_not(value.begin(), value.end(), is_fold_or_space);
        value.remove_prefix(static_cast<std::size_t>(rest - value.begin()));
        if (!value.empty()) out += ' ';
    }
}

std::optional<field_index> field_index::of(std::string_view header) {
    field_index index;
    std::size_t taken = 0;
    message::header_reader reader(header);
    while (reader.next()) {
        const auto& one = reader.field();
        if (one.name.empty()) return std::nullopt;
        taken += one.raw.size();
        index.fields_.push_back({ascii::lowered(one.name), one.raw});
    }
    if (taken != message::find_header_end(header).fields_end) return std::nullopt;
    std::reverse(index.fields_.begin(), index.fields_.end());
    return index;
}

std::size_t field_index::count(std::string_view name) const noexcept {
    return static_cast<std::size_t>(
        std::count_if(fields_.begin(), fields_.end(),
                      [name](const field& one) { return ascii::equal_nocase(one.name, name); }));
}

std::string field_index::signed_octets(const std::vector<std::string>& names,
                                       std::string_view own_field,
                                       canonicalization form) const {
    std::string out;
    std::unordered_map<std::string, std::size_t> next;  // of a name: where to go on looking
    for (const auto& name : names) {
        const auto wanted = ascii::lowered(name);
        auto& at = next[wanted];
        while (at < fields_.size() && fields_[at].name != wanted)
            ++at;
        if (at == fields_.size()) continue;
        append_field(out, fields_[at++].raw, form);
        out += "\r\n";
    }
    append_field(out, own_field, form);
    return out;
}

std::string without_signature(std::string_view field) {
    const auto colon = std::min(field.find(':'), field.size());
    std::string out(field.substr(0, colon));
    auto rest = field.substr(colon);
    bool is_first = true;  // the ":" before the first tag is no part of its name
    while (!rest.empty()) {
        const auto spec = rest.substr(0, std::min(rest.find(';'), rest.size()));
        rest.remove_prefix(spec.size());
        out += is_signature_tag(spec.substr(is_first ? 1 : 0)) ? spec.substr(0, spec.find('=') + 1)
                                                               : spec;
        is_first = false;
        if (rest.empty()) break;
        out += ';';
        rest.remove_prefix(1);
    }
    return out;
}

}  // namespace hauspost::dkim
