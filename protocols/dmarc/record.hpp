#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hauspost::dmarc {

/// What the owner of a domain wants done with mail that fails; the later, the stricter.
enum class policy : std::uint8_t { none, quarantine, reject };

/// Which domains count as the author's. RFC 9989 3.2.10
enum class alignment : std::uint8_t {
    relaxed,  // those of the same organisation
    strict,   // the same domain alone
};

/// What a domain is, in its own words. RFC 9989 4.7, psd=
enum class role : std::uint8_t {
    unknown,
    public_suffix,  // others register domains below it
    organization,   // it is the top of somebody's domains
};

/// A DMARC policy record. RFC 9989 4.7
struct record {
    static constexpr std::size_t max_octets = 4096;

    policy for_domain = policy::none;              // p=
    std::optional<policy> for_subdomains;          // sp=; nullopt: as for_domain
    std::optional<policy> for_missing_subdomains;  // np=; nullopt: as for_subdomains
    alignment dkim = alignment::relaxed;           // adkim=
    alignment spf = alignment::relaxed;            // aspf=
    role what = role::unknown;                     // psd=
    bool is_testing = false;                       // t=y: one step milder is enough
};

/// Returns  nullopt: it is no DMARC record, or one that asks for nothing: without a p= that can be
///          read, or with another policy that cannot, and without rua= to report that to. With one
///          it is p=none (RFC 9989 4.7). Other tags that cannot be read are as if they were not there
/// text     the strings of one TXT record, put together
[[nodiscard]] std::optional<record> parse_record(std::string_view text);

/// What is asked for when the domain itself has no record, and one above it has this.
/// exists  the domain is there at all
[[nodiscard]] policy policy_below(const record& above, bool exists) noexcept;

}  // namespace hauspost::dmarc
