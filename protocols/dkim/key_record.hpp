#pragma once

#include "protocols/dkim/key_type.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::dkim {

/// What a TXT record at SELECTOR._domainkey.DOMAIN says. RFC 6376 3.6.1, 8463 4
struct key_record {
    key_type type = key_type::rsa;
    std::string public_octets;   // of p=, decoded; "" when the key was revoked
    bool allows_sha256 = true;   // h= is absent or names it
    bool allows_email = true;    // s= is absent or names "email" or "*"
    bool is_testing = false;     // t=y
    bool is_for_domain = false;  // t=s: not for subdomains in i=

    [[nodiscard]] bool is_revoked() const noexcept { return public_octets.empty(); }
};

/// Why a text is not a key record that can be used.
enum class key_record_fault : std::uint8_t {
    too_long,          // limits::max_key_record_octets
    bad_syntax,        // not a tag list, or a tag twice
    bad_version,       // v= is not DKIM1, or not the first tag
    unknown_key_type,  // k= is neither rsa nor ed25519
    no_key,            // without p=
    bad_base64,        // in p=
};

/// text  the strings of one TXT record, put together without anything between them (RFC 6376
///       3.6.2.2). Tags that are not known, values of h=, s= and t= that are not, are ignored
[[nodiscard]] boost::system::result<key_record, key_record_fault> parse_key_record(
    std::string_view text);

/// "v=DKIM1; k=rsa; p=..."
/// public_octets  as private_key::public_octets gives them
[[nodiscard]] std::string write_key_record(key_type type, std::string_view public_octets);

/// A TXT record's text in the strings that carry it, of at most 255 octets each: a name server
/// takes no longer ones (RFC 1035 3.3.14), and a key of RSA 2048 does not fit into one.
[[nodiscard]] std::vector<std::string> txt_strings(std::string_view text);

/// The same for a zone file: "..." "...", quoted. RFC 1035 5.1
/// text  printable ASCII
[[nodiscard]] std::string in_zone_file(std::string_view text);

}  // namespace hauspost::dkim
