#include "base/address.hpp"

#include "base/ascii.hpp"
#include "base/lower_nfc.hpp"
#include "base/utf8.hpp"

#include <idn2.h>

#include <algorithm>
#include <memory>

namespace hauspost::address {
namespace {

constexpr std::size_t max_domain_octets = 255;  // RFC 1035 2.3.4
constexpr std::size_t max_label_octets = 63;

struct idn2_deleter {
    void operator()(char* text) const noexcept { idn2_free(text); }
};
using idn2_text = std::unique_ptr<char, idn2_deleter>;

bool is_label(std::string_view label) noexcept {
    return !label.empty() && label.size() <= max_label_octets &&
           std::all_of(label.begin(), label.end(),
                       [](char c) { return ascii::is_alnum(c) || c == '-' || c == '_'; });
}

/// IDNA maps some letters to others: what comes out may hold "@", "/" or anything else in ASCII.
bool is_domain(std::string_view domain) noexcept {
    if (domain.size() > max_domain_octets) return false;
    for (;;) {
        const auto dot = domain.find('.');
        if (!is_label(domain.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        domain.remove_prefix(dot + 1);
    }
}

bool has_a_label(std::string_view domain) noexcept {
    return ascii::find_nocase(domain, "xn--") != std::string_view::npos;
}

std::optional<std::string> lookup_form(const std::string& domain) {
    std::uint8_t* made = nullptr;
    const auto* text = reinterpret_cast<const std::uint8_t*>(domain.c_str());
    const int rc = idn2_lookup_u8(text, &made, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    const idn2_text owned(reinterpret_cast<char*>(made));
    if (rc != IDN2_OK) return std::nullopt;
    return std::string(owned.get());
}

std::string domain_shown(const std::string& domain) {
    if (!has_a_label(domain)) return domain;
    char* made = nullptr;
    const int rc = idn2_to_unicode_8z8z(domain.c_str(), &made, IDN2_NONTRANSITIONAL);
    const idn2_text owned(made);
    if (rc != IDN2_OK) return domain;
    // Only what leads back: nobody shall type one domain and mean another.
    std::string text = owned.get();
    return to_a_labels(text) == domain ? text : domain;
}

}  // namespace

std::optional<std::string> to_a_labels(std::string_view domain) {
    if (domain.size() > 4 * max_domain_octets || domain.find('\0') != std::string_view::npos)
        return std::nullopt;
    std::optional<std::string> made = ascii::lowered(domain);
    if (!utf8::is_ascii(domain) || has_a_label(domain)) made = lookup_form(*made);
    if (!made || !is_domain(*made)) return std::nullopt;
    return made;
}

std::optional<std::string> canonical(std::string_view text) {
    auto folded = lower_nfc(text);
    const auto domain = domain_of(text);
    if (!folded || utf8::is_ascii(domain)) return folded;
    const auto made = to_a_labels(domain);
    if (!made) return folded;
    return std::string(local_part_of(*folded)) + '@' + *made;
}

std::string with_a_labels(std::string_view text) {
    const auto domain = domain_of(text);
    if (utf8::is_ascii(domain)) return std::string(text);
    const auto made = to_a_labels(domain);
    return made ? std::string(local_part_of(text)) + '@' + *made : std::string(text);
}

std::string shown(std::string_view canonical) {
    const auto at = canonical.rfind('@');
    const auto front = at == std::string_view::npos ? 0 : at + 1;
    return std::string(canonical.substr(0, front)) +
           domain_shown(std::string(canonical.substr(front)));
}

std::string in_ascii(std::string_view text) {
    std::string out;
    const auto whole = utf8::repaired(text);
    for (std::size_t i = 0; i < whole.size();) {
        const auto lead = static_cast<unsigned char>(whole[i]);
        if (lead < 0x80 && lead != '\\') {
            out += whole[i++];
            continue;
        }
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        char32_t point = lead & (length == 1 ? 0x7fu : 0xffu >> (length + 1));
        for (const char c : whole.substr(i + 1, length - 1))
            point = point << 6 | (static_cast<unsigned char>(c) & 0x3f);
        constexpr std::string_view hex = "0123456789abcdef";
        std::string digits;
        for (; point != 0; point /= 16)
            digits.insert(digits.begin(), hex[point % 16]);
        out += "\\x{" + digits + '}';
        i += length;
    }
    return out;
}

}  // namespace hauspost::address
