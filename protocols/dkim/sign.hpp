#pragma once

#include "protocols/dkim/key.hpp"
#include "protocols/dkim/message_digest.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace hauspost::dkim {

/// Who signs. The key record stands at selector._domainkey.domain.
struct signer {
    std::string domain;    // in U-labels or A-labels; written in A-labels (RFC 8616 4)
    std::string selector;  // "mail2026", "a.b"
    /// Outlives the call.
    const private_key* key = nullptr;
};

struct signing_terms {
    std::int64_t signed_at = 0;             // t=, Unix seconds
    std::optional<std::int64_t> valid_for;  // x= so many seconds later; at least 1
};

/// The DKIM-Signature fields of a message, one for each signer, in their order: to be put in front
/// of it. Each ends with CRLF, its lines have at most 78 octets as far as names allow it. relaxed/
/// relaxed, without l= (RFC 6376 8.2). One body hash serves them all.
///
/// Cost     of RSA 2048 about 1 ms of CPU, of Ed25519 0.1 ms
/// Throws   key_error
/// RFC      6376 5, 8301, 8463 3
[[nodiscard]] boost::system::result<std::string, signing_fault> sign(
    const message_digest& message, std::span<const signer> signers, const signing_terms& terms);

}  // namespace hauspost::dkim
