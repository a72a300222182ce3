#pragma once

#include "base/result.hpp"
#include "protocols/net/tls_endpoint.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::net {

/// What a server has to prove before anything is said to it.
enum class verification : std::uint8_t {
    none,  // nothing: opportunistic TLS, against those who only listen (RFC 7435)
    pkix,  // a chain to a trusted root, and the host's name (RFC 6125; MTA-STS: RFC 8461 4.1)
    dane,  // what the TLSA records say (RFC 7672)
};

/// A TLSA record (RFC 6698 2.1), as a resolver that validates gave it.
struct tlsa_record {
    std::uint8_t usage = 0;
    std::uint8_t selector = 0;
    std::uint8_t matching_type = 0;
    std::string data;  // octets
};

struct tls_client_settings {
    /// The host's name in A-labels, without a dot at its end: said to the server (SNI, RFC 6066 3),
    /// and what its certificate has to be for. With DANE: the TLSA base domain (RFC 7672 8.1, 2.2.3).
    std::string host;
    /// Names that will do as well (RFC 7672 3.2.2: the next-hop domain).
    std::vector<std::string> other_names;
    verification verify = verification::none;
    std::vector<tlsa_record> tlsa;  // for verification::dane
};

/// Our side of TLS to one server, for one connection or several. In mode dane the records of usages
/// 2 and 3 alone are looked at (RFC 7672 3.1.3); when none of them can be used, the connection is
/// encrypted and nothing is verified (RFC 7672 2.2), and net::tls_info says so.
///
/// Thread: any, once constructed.
class tls_client final : public tls_endpoint {
public:
    /// context  of certs::client_context; a reference of its own is taken
    /// Throws   std::bad_alloc
    tls_client(SSL_CTX* context, tls_client_settings settings);
    ~tls_client() override;
    tls_client(const tls_client&) = delete;
    tls_client& operator=(const tls_client&) = delete;

    [[nodiscard]] ssl_ptr begin() const override;
    /// Of the TLSA records; 0 in mode dane: nothing can be verified.
    [[nodiscard]] std::size_t usable_records() const noexcept { return usable_records_; }

private:
    void demand_pkix(SSL* ssl) const;
    std::size_t demand_dane(SSL* ssl) const;

    SSL_CTX* context_;
    const tls_client_settings settings_;
    std::size_t usable_records_ = 0;
};

/// Why a server's certificate was refused: X509_V_ERR_* as an error of start_tls(); the message is
/// OpenSSL's ("self-signed certificate").
const boost::system::error_category& verification_category() noexcept;

/// The result type by which an error of a client's start_tls() is reported: "certificate-expired".
/// What is none of the particular ones is "validation-failure".
/// RFC  8460 4.3
[[nodiscard]] std::string_view tls_report_type(const error_code& failed) noexcept;

}  // namespace hauspost::net
