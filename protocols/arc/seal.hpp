#pragma once

#include "protocols/arc/sets.hpp"
#include "protocols/dkim/message_digest.hpp"
#include "protocols/dkim/sign.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::arc {

struct sealing_terms {
    dkim::signer who;
    /// What was seen of the message when it came, behind "i=N; " of ARC-Authentication-Results: the
    /// server's name and results, as RFC 8601 2.2 has them; one line, printable ASCII.
    std::string results;
    std::int64_t signed_at = 0;  // t=, Unix seconds
};

/// One more set for a message, to be put in front of it: ARC-Seal, ARC-Message-Signature,
/// ARC-Authentication-Results, each with CRLF, folded. relaxed/relaxed.
///
/// before   the sets that it has: none, or a chain that passes. With one that does not nothing would be
///          gained by a seal that says so
/// Throws   dkim::key_error
/// RFC      8617 5.1
[[nodiscard]] boost::system::result<std::string, dkim::signing_fault> seal_message(
    const dkim::message_digest& message, const std::vector<set>& before, sealing_terms terms);

}  // namespace hauspost::arc
