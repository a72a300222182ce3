#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::dkim {

/// a= of RFC 6376 3.3 and 8463 3. rsa_sha1 is read so that it can be named; it must not be taken
/// (RFC 8301 3.1).
enum class algorithm : std::uint8_t { rsa_sha256, ed25519_sha256, rsa_sha1 };

/// c= of RFC 6376 3.4.
enum class canonicalization : std::uint8_t { simple, relaxed };

/// What a DKIM-Signature field says. RFC 6376 3.5
struct signature {
    algorithm method = algorithm::rsa_sha256;
    canonicalization header_form = canonicalization::simple;
    canonicalization body_form = canonicalization::simple;
    std::string domain;              // d= in lower case and A-labels (RFC 8616 4)
    std::string selector;            // s= the same
    std::string identity_local;      // of i=, still quoted-printable; "" when there is none
    std::string identity_domain;     // of i=; d= when there is none
    std::vector<std::string> names;  // h= as written, 1 to limits::max_signed_names
    std::string body_hash;           // bh=, octets: as many as the method's hash has
    std::string octets;              // b=, at most 512: RSA of 4096 bits
    std::optional<std::uint64_t> body_octets;  // l=
    std::optional<std::uint64_t> signed_at;    // t=, Unix seconds
    std::optional<std::uint64_t> expires_at;   // x=
};

/// Why a field is not a signature that can be checked.
enum class signature_fault : std::uint8_t {
    too_long,           // limits::max_signature_field_octets
    bad_syntax,         // not a tag list, or a tag twice
    missing_tag,        // one of v, a, b, bh, d, h, s
    bad_version,        // v= is not 1
    unknown_algorithm,  // a=
    unknown_form,       // c=
    bad_base64,         // b= or bh=, or they are not as long as a= wants
    bad_domain,         // d= or s=
    bad_identity,       // i= is not of d= or of a domain below it
    bad_names,          // h= names no field, an impossible one, too many, or not From
    bad_number,         // l=, t= or x=
    expires_before,     // x= is not after t=
    unknown_query,      // q= knows no dns/txt
};

/// value  of a DKIM-Signature field, folded or not
[[nodiscard]] boost::system::result<signature, signature_fault> parse_signature(
    std::string_view value);

}  // namespace hauspost::dkim
