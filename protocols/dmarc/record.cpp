#include "protocols/dmarc/record.hpp"

#include "base/ascii.hpp"

#include <algorithm>

namespace hauspost::dmarc {
namespace {

struct tag {
    std::string_view name;
    std::string_view value;
};

/// Takes the first tag off; one without "=" has no value.
tag take_tag(std::string_view& rest) {
    const auto spec = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(rest.size(), spec.size() + 1));
    const auto equals = std::min(spec.find('='), spec.size());
    tag one;
    one.name = ascii::trimmed(spec.substr(0, equals));
    one.value = ascii::trimmed(spec.substr(std::min(spec.size(), equals + 1)));
    return one;
}

std::optional<policy> policy_of(std::string_view word) {
    if (ascii::equal_nocase(word, "none")) return policy::none;
    if (ascii::equal_nocase(word, "quarantine")) return policy::quarantine;
    if (ascii::equal_nocase(word, "reject")) return policy::reject;
    return std::nullopt;
}

alignment alignment_of(std::string_view word) {
    return ascii::equal_nocase(word, "s") ? alignment::strict : alignment::relaxed;
}

role role_of(std::string_view word) {
    if (ascii::equal_nocase(word, "y")) return role::public_suffix;
    return ascii::equal_nocase(word, "n") ? role::organization : role::unknown;
}

/// A list of URIs, one of which at least has a scheme and something behind it.
bool names_a_report(std::string_view value) {
    while (!value.empty()) {
        const auto uri = ascii::trimmed(value.substr(0, value.find(',')));
        value.remove_prefix(std::min(value.size(), value.find(',')));
        if (!value.empty()) value.remove_prefix(1);
        const auto colon = uri.find(':');
        const bool is_uri = colon != std::string_view::npos && colon > 0 &&
                            colon + 1 < uri.size() && ascii::is_alpha(uri.front());
        if (is_uri) return true;
    }
    return false;
}

}  // namespace

std::optional<record> parse_record(std::string_view text) {
    if (text.size() > record::max_octets) return std::nullopt;
    const auto version = take_tag(text);
    if (version.name != "v" || version.value != "DMARC1") return std::nullopt;
    record made;
    std::optional<policy> wanted;
    bool is_policy_wrong = false, is_reported = false;
    while (!text.empty()) {
        const auto one = take_tag(text);
        if (one.name == "p") wanted = policy_of(one.value);
        if (one.name == "sp") made.for_subdomains = policy_of(one.value);
        if (one.name == "np") made.for_missing_subdomains = policy_of(one.value);
        if (one.name == "p" || one.name == "sp" || one.name == "np")
            is_policy_wrong = is_policy_wrong || !policy_of(one.value);
        if (one.name == "adkim") made.dkim = alignment_of(one.value);
        if (one.name == "aspf") made.spf = alignment_of(one.value);
        if (one.name == "psd") made.what = role_of(one.value);
        if (one.name == "t") made.is_testing = ascii::equal_nocase(one.value, "y");
        if (one.name == "rua") is_reported = names_a_report(one.value);
    }
    if (wanted && !is_policy_wrong) {
        made.for_domain = *wanted;
        return made;
    }
    if (!is_reported) return std::nullopt;
    made.for_subdomains = made.for_missing_subdomains = std::nullopt;
    return made;
}

policy policy_below(const record& above, bool exists) noexcept {
    const auto of_subdomains = above.for_subdomains.value_or(above.for_domain);
    return exists ? of_subdomains : above.for_missing_subdomains.value_or(of_subdomains);
}

}  // namespace hauspost::dmarc
