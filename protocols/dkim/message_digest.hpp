#pragma once

#include "protocols/dkim/header_gatherer.hpp"
#include "protocols/dkim/relaxed_body.hpp"
#include "protocols/dkim/sha256.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::dkim {

/// Why a message cannot be signed. It can be sent all the same.
enum class signing_fault : std::uint8_t {
    bare_line_end,    // a CR or LF alone: it changes on its way
    header_too_long,  // message_digest::max_header_octets
    bad_header,       // a line of it is no field, or there are more than anybody reads
    no_from,          // RFC 6376 5.4
    too_many_fields,  // limits::max_signed_names
    bad_domain,       // of a signer: not a domain
    bad_selector,     // of a signer
};

/// What signing needs of a message, gathered in one pass: its header, and the hash of its body that
/// all signatures share.
///
/// It must be fed what leaves: lines end with CRLF, dots are not stuffed, trace fields in front may
/// be there or not (they are not signed).
///
/// Calling sequence: feed() as often as wanted, the octets cut anywhere; then finish(). Memory: the
/// header. Pure. Throws std::runtime_error when OpenSSL has no room.
class message_digest {
public:
    static constexpr std::size_t max_header_octets = header_gatherer::max_octets;

    void feed(std::string_view octets);
    void finish();

    /// All fields, each with its line end; what came before the empty line.
    [[nodiscard]] const std::string& header() const noexcept { return header_.text(); }
    /// SHA-256 of the body's relaxed form, after finish().
    [[nodiscard]] const std::string& body_hash() const noexcept { return body_hash_; }
    /// nullopt: nothing of what was fed hinders signing.
    [[nodiscard]] std::optional<signing_fault> fault() const noexcept;

private:
    header_gatherer header_;
    bool has_bare_line_end_ = false;  // in the header
    relaxed_body body_;
    sha256 hash_;
    std::string body_hash_;
};

}  // namespace hauspost::dkim
