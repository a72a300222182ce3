#include "protocols/dkim/signature.hpp"

#include "base/address.hpp"
#include "base/ascii.hpp"
#include "protocols/dkim/limits.hpp"
#include "protocols/dkim/tag_list.hpp"

#include <algorithm>

namespace hauspost::dkim {
namespace {

using fault = signature_fault;

/// Each reads what one tag or some say into the signature; nullopt: nothing is wrong with them.
using reading = std::optional<fault>;

std::size_t hash_octets(algorithm method) {
    switch (method) {
    case algorithm::rsa_sha1: return 20;
    case algorithm::rsa_sha256:
    case algorithm::ed25519_sha256: return 32;
    }
    return 0;
}

reading read_algorithm(std::string_view value, algorithm& method) {
    if (value == "rsa-sha256")
        method = algorithm::rsa_sha256;
    else if (value == "ed25519-sha256")
        method = algorithm::ed25519_sha256;
    else if (value == "rsa-sha1")
        method = algorithm::rsa_sha1;
    else
        return fault::unknown_algorithm;
    return std::nullopt;
}

bool read_form(std::string_view value, canonicalization& form) {
    if (value != "simple" && value != "relaxed") return false;
    form = value == "simple" ? canonicalization::simple : canonicalization::relaxed;
    return true;
}

/// c= of both: "relaxed" alone leaves the body simple.
reading read_forms(const tag_list& tags, signature& out) {
    const auto value = tags.find("c");
    if (!value) return std::nullopt;
    const auto slash = value->find('/');
    const bool is_known =
        read_form(value->substr(0, slash), out.header_form) &&
        (slash == std::string_view::npos || read_form(value->substr(slash + 1), out.body_form));
    return is_known ? reading() : fault::unknown_form;
}

reading read_octets(const tag_list& tags, signature& out) {
    constexpr std::size_t ed25519_octets = 64;  // RFC 8032 5.1.6
    auto hash = decode_base64(*tags.find("bh"));
    auto octets = decode_base64(*tags.find("b"));
    if (!hash || hash->size() != hash_octets(out.method)) return fault::bad_base64;
    if (!octets || octets->empty()) return fault::bad_base64;
    const bool fits = out.method == algorithm::ed25519_sha256
                          ? octets->size() == ed25519_octets
                          : octets->size() <= limits::max_rsa_bits / 8;
    if (!fits) return fault::bad_base64;
    out.body_hash = std::move(*hash);
    out.octets = std::move(*octets);
    return std::nullopt;
}

/// In i=, nobody signs for another domain (RFC 6376 3.5, 6.1.1).
reading read_names_of_signer(const tag_list& tags, signature& out) {
    auto domain = address::to_a_labels(*tags.find("d"));
    auto selector = address::to_a_labels(*tags.find("s"));
    if (!domain || !selector) return fault::bad_domain;
    out.domain = std::move(*domain);
    out.selector = std::move(*selector);
    out.identity_domain = out.domain;
    const auto identity = tags.find("i");
    if (!identity) return std::nullopt;
    if (identity->find('@') == std::string_view::npos) return fault::bad_identity;
    auto below = address::to_a_labels(address::domain_of(*identity));
    if (!below) return fault::bad_identity;
    if (*below != out.domain && !below->ends_with('.' + out.domain)) return fault::bad_identity;
    out.identity_domain = std::move(*below);
    out.identity_local = address::local_part_of(*identity);
    return std::nullopt;
}

bool is_field_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return c > 0x20 && c < 0x7f && c != ':';  // RFC 5322 2.2 ftext
    });
}

reading read_field_names(const tag_list& tags, signature& out) {
    const auto names = split_at_colons(*tags.find("h"), limits::max_signed_names);
    if (!names || !std::all_of(names->begin(), names->end(), is_field_name))
        return fault::bad_names;
    const bool has_from = std::any_of(names->begin(), names->end(), [](std::string_view name) {
        return ascii::equal_nocase(name, "From");
    });
    if (!has_from) return fault::bad_names;  // RFC 6376 3.5
    out.names.assign(names->begin(), names->end());
    return std::nullopt;
}

/// 1*max_digits DIGIT. nullopt: not a number.
std::optional<std::uint64_t> number(std::string_view text, std::size_t max_digits) {
    if (text.empty() || text.size() > max_digits) return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : text) {
        if (!ascii::is_digit(c)) return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return value;
}

bool read_number(const tag_list& tags,
                 std::string_view name,
                 std::size_t max_digits,
                 std::optional<std::uint64_t>& out) {
    const auto value = tags.find(name);
    if (!value) return true;
    out = number(*value, max_digits);
    return out.has_value();
}

reading read_numbers(const tag_list& tags, signature& out) {
    constexpr std::size_t time_digits = 12;    // RFC 6376 3.5, t=
    constexpr std::size_t length_digits = 19;  // fewer than the 76 of RFC 6376 3.5, l=: 64 bits
    if (!read_number(tags, "l", length_digits, out.body_octets)) return fault::bad_number;
    if (!read_number(tags, "t", time_digits, out.signed_at)) return fault::bad_number;
    if (!read_number(tags, "x", time_digits, out.expires_at)) return fault::bad_number;
    if (out.signed_at && out.expires_at && *out.expires_at <= *out.signed_at)
        return fault::expires_before;
    return std::nullopt;
}

reading read_query(const tag_list& tags) {
    const auto value = tags.find("q");
    if (!value) return std::nullopt;
    const auto methods = split_at_colons(*value, limits::max_signed_names);
    if (methods && std::find(methods->begin(), methods->end(), "dns/txt") != methods->end())
        return std::nullopt;
    return fault::unknown_query;
}

}  // namespace

boost::system::result<signature, signature_fault> parse_signature(std::string_view value) {
    if (value.size() > limits::max_signature_field_octets) return fault::too_long;
    const auto tags = tag_list::parse(value);
    if (!tags) return fault::bad_syntax;
    for (const auto* name : {"v", "a", "b", "bh", "d", "h", "s"})
        if (!tags->find(name)) return fault::missing_tag;
    if (*tags->find("v") != "1") return fault::bad_version;
    signature out;
    if (const auto wrong = read_algorithm(*tags->find("a"), out.method)) return *wrong;
    if (const auto wrong = read_forms(*tags, out)) return *wrong;
    if (const auto wrong = read_octets(*tags, out)) return *wrong;
    if (const auto wrong = read_names_of_signer(*tags, out)) return *wrong;
    if (const auto wrong = read_field_names(*tags, out)) return *wrong;
    if (const auto wrong = read_numbers(*tags, out)) return *wrong;
    if (const auto wrong = read_query(*tags)) return *wrong;
    return out;
}

}  // namespace hauspost::dkim
