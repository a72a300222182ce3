#include "protocols/tls_report/record.hpp"

#include "base/address.hpp"
#include "base/ascii.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace hauspost::tls_report {
namespace {

constexpr std::string_view beginning = "v=TLSRPTv1;";
constexpr std::string_view rua = "rua=";
constexpr std::string_view mailto = "mailto:";
constexpr std::string_view https = "https://";

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

/// RFC 3986 3.3, 3.4, 2: what may stand in a path or query, as it goes out again.
bool is_target(std::string_view text) {
    constexpr std::string_view marks = "-._~:/?@!$&'()*+,;=%";
    return text.size() <= max_target_octets && std::ranges::all_of(text, [&](char c) {
               return ascii::is_alnum(c) || marks.find(c) != std::string_view::npos;
           });
}

/// A name whose last label is no number, so that it is not an address in one of its spellings.
bool is_name(std::string_view host) {
    const auto last = host.substr(host.rfind('.') + 1);
    return host.find('.') != std::string_view::npos &&
           !std::ranges::all_of(last, [](char c) { return ascii::is_digit(c); }) &&
           !ascii::starts_with_nocase(last, "0x");
}

/// Of what follows "https://". A fragment says nothing to a server.
std::optional<https_place> place_of(std::string_view uri) {
    uri = uri.substr(0, uri.find('#'));
    auto authority = uri.substr(0, uri.find_first_of("/?"));
    const auto rest = uri.substr(authority.size());
    https_place made;
    if (const auto colon = authority.find(':'); colon != std::string_view::npos) {
        const auto digits = authority.substr(colon + 1);
        const auto* end = digits.data() + digits.size();
        const auto read = std::from_chars(digits.data(), end, made.port);
        if (read.ec != std::errc() || read.ptr != end || made.port == 0) return std::nullopt;
        authority = authority.substr(0, colon);
    }
    const auto host = address::to_a_labels(authority);
    if (!host || !is_name(*host) || !is_target(rest)) return std::nullopt;
    made.host = *host;
    made.target = rest.starts_with('/') ? std::string(rest) : '/' + std::string(rest);
    return made;
}

receivers receivers_of(std::string_view uris) {
    receivers found;
    for (std::size_t n = 0; !uris.empty() && n < max_receivers; ++n) {
        const auto uri = take_until(uris, ',');
        if (ascii::starts_with_nocase(uri, mailto)) {
            if (auto mailbox = mailbox_of(uri)) found.mailboxes.push_back(std::move(*mailbox));
        } else if (ascii::starts_with_nocase(uri, https)) {
            if (auto place = place_of(uri.substr(https.size())))
                found.places.push_back(std::move(*place));
        } else {
            found.others += uri.empty() ? 0 : 1;
        }
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
