#pragma once

#include <cstddef>
#include <cstdint>

namespace hauspost::dkim {

/// What a signature or a key may cost whoever reads it (F02). Ours, where no RFC is named.
struct limits {
    static constexpr std::size_t max_signature_field_octets = 16 * 1024;
    static constexpr std::size_t max_key_record_octets = 4096;  // all strings of the TXT together
    static constexpr std::size_t max_tags = 64;
    static constexpr std::size_t max_signed_names = 200;      // in h=
    static constexpr std::size_t max_read_signatures = 64;    // of a message
    static constexpr std::size_t max_checked_signatures = 8;  // of those
    static constexpr std::size_t max_key_records = 4;         // of one selector
    static constexpr unsigned min_rsa_bits = 1024;            // RFC 8301 3.2
    static constexpr unsigned max_rsa_bits = 4096;
    static constexpr unsigned max_exponent_bits = 32;  // 65537 is in use; a huge one costs time
    static constexpr std::uint64_t max_seconds = 999'999'999'999;  // RFC 6376 3.5: 12 digits
};

}  // namespace hauspost::dkim
