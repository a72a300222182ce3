#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::admin {

/// A certificate of the server, without its key.
struct seen_certificate {
    seen_certificate() = default;
    std::vector<std::string> names;  // "mail.example.org", "*.example.org"
    std::string subject;             // "CN=mail.example.org" (RFC 4514)
    std::string issuer;              // the same of who made it
    std::string key;                 // "EC P-256", "RSA 2048"
    std::string fingerprint;         // SHA-256 of the certificate, lower-case hex
    std::string file;
    std::int64_t begins_at = 0;  // Unix seconds
    std::int64_t ends_at = 0;
    std::size_t intermediates = 0;  // that are sent along
    bool is_self_signed = false;
    bool is_made_here = false;     // by the server for itself, since the configuration names none
    bool fits_host = false;        // it is for the server's name
    bool is_file_another = false;  // the file holds another one by now, or one that cannot be used
};

/// Where certificates are shown: "imaps", 993.
struct tls_listener {
    std::string role;
    std::uint16_t port = 0;
    bool is_from_first_octet = false;  // else after STARTTLS
};

/// The port to the certificates in use; implemented in server/ over certs. Thread: that of the commands.
class certificate_view {
public:
    virtual ~certificate_view() = default;

    /// The one first that is shown to who asks for no name. Of a server that does not run: those it would
    /// begin with; none where their files cannot be read.
    [[nodiscard]] virtual std::vector<seen_certificate> certificates() const = 0;
    [[nodiscard]] virtual std::vector<tls_listener> listeners() const = 0;

    /// Reads the files again, for handshakes from now on; what cannot be used changes nothing.
    /// Returns  what is wrong with a file, in words; none: all are in use. nullopt: no server runs
    virtual std::optional<std::vector<std::string>> reload() = 0;
};

}  // namespace hauspost::admin
