#pragma once

#include "base/clock.hpp"
#include "certs/openssl_ptr.hpp"

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::certs {

/// Where one certificate lies.
struct certificate_files {
    std::filesystem::path certificate;  // PEM: the server's own first, then the intermediates
    std::filesystem::path private_key;  // PEM, without a passphrase
};

/// What is wrong with a file, and what to do about it, in words for the operator.
class certificate_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A certificate with its chain and key, as read from its files. Immutable.
struct certificate {
    certificate_files files;
    x509_ptr own;
    chain_ptr chain;  // intermediates, may be empty
    key_ptr key;
    std::string subject;             // "CN=mail.example.test" (RFC 4514)
    std::vector<std::string> names;  // DNS names, lower case, "*.example.test" as it stands
    wall_time not_before, not_after;

    [[nodiscard]] bool is_valid_at(wall_time now) const noexcept {
        return not_before <= now && now < not_after;
    }
    /// host  lower case, no dot at its end. A leading "*." of a name stands for one label
    ///       (RFC 6125 6.4.3)
    [[nodiscard]] bool has_name(std::string_view host) const noexcept;
    [[nodiscard]] bool matches_wildcard(std::string_view host) const noexcept;
};

/// Reads and checks both files: complete PEM, key without passphrase, key fits certificate, key
/// strong enough (RSA of 2048 bits, EC of 224). Validity in time is left to the caller.
///
/// Throws  certificate_error
[[nodiscard]] certificate read_certificate(const certificate_files& files);

/// SHA-256 of its public key in lower-case hex, as a TLSA record "3 1 1" has it. RFC 6698 2.1
[[nodiscard]] std::string key_digest(const certificate& of);

/// "2026-01-31", in UTC.
[[nodiscard]] std::string day_of(wall_time time);

/// In words, with the file: it has expired, or is not valid yet. Empty: neither.
[[nodiscard]] std::string find_time_fault(const certificate& cert, wall_time now);

/// In words, with the file: it is not for this host name. Empty: it is.
[[nodiscard]] std::string find_name_fault(const certificate& cert, std::string_view host);

}  // namespace hauspost::certs
