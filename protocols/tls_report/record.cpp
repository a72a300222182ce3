#include "protocols/tls_report/record.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace hauspost::tls_report {
namespace {

constexpr std::string_view beginning = "v=TLSRPTv1;";
constexpr std::string_view rua = "rua=";
constexpr std::string_view mailto = "mailto:";

/// Takes off what stands before `end`, without white space around it.
std::string_view take_until(std::string_view& text, char end) {
    const auto part = text.substr(0, text.find(end));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    return ascii::trimmed(part);
}

std::optional<unsigned> hex_digit(char c) {
    if (ascii::is_digit(c)) return static_cast<unsigned>(c - '0');
    const char lower = ascii::to_lower(c);
    if (lower >= 'a' && lower <= 'f') return static_cast<unsigned>(lower - 'a' + 10);
    return std::nullopt;
}

/// RFC 3986 2.1
std::optional<std::string> percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out.push_back(text[i]);
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const auto high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
        if (!high || !low) return std::nullopt;
        out.push_back(static_cast<char>(*high * 16 + *low));
        i += 2;
    }
    return out;
}

/// Of "mailto:a@b.example?subject=x" the address alone (RFC 6068 2).
std::optional<std::string> mailbox_of(std::string_view uri) {
    uri.remove_prefix(mailto.size());
    auto address = percent_decoded(uri.substr(0, uri.find('?')));
    const auto is_plain = [](char c) { return !ascii::is_control(c) && c != ' '; };
    if (!address || address->find('@') == std::string::npos ||
        !std::all_of(address->begin(), address->end(), is_plain))
        return std::nullopt;
    return address;
}

receivers receivers_of(std::string_view uris) {
    receivers found;
    for (std::size_t n = 0; !uris.empty() && n < max_receivers; ++n) {
        const auto uri = take_until(uris, ',');
        if (!ascii::starts_with_nocase(uri, mailto))
            found.others += uri.empty() ? 0 : 1;
        else if (auto mailbox = mailbox_of(uri))
            found.mailboxes.push_back(std::move(*mailbox));
    }
    return found;
}

}  // namespace

receivers find_receivers(const std::vector<std::string>& texts) {
    const auto is_ours = [](const std::string& text) { return text.starts_with(beginning); };
    const auto found = std::find_if(texts.begin(), texts.end(), is_ours);
    if (found == texts.end() || std::any_of(found + 1, texts.end(), is_ours)) return {};
    auto record = std::string_view(*found).substr(beginning.size());
    while (!record.empty()) {
        const auto field = take_until(record, ';');
        if (field.starts_with(rua)) return receivers_of(field.substr(rua.size()));
    }
    return {};
}

}  // namespace hauspost::tls_report
