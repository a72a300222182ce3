#pragma once

#include "base/awaitable.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace hauspost::delivery {

/// Signs in the name of one domain.
class domain_signature {
public:
    virtual ~domain_signature() = default;

    struct fields {
        std::string text;          // DKIM-Signature fields, each with its line end
        std::string_view why_not;  // without any: why the message cannot be signed
    };
    /// Some milliseconds, and one for each megabyte: not on a network thread.
    /// octets  of the message; whatever stands in front of the result is not signed
    /// Throws  std::runtime_error
    /// Thread  any
    [[nodiscard]] virtual fields sign(std::string_view octets) const = 0;
};

/// The port to the keys that sign mail which leaves; server/outbound implements it.
class message_signer {
public:
    virtual ~message_signer() = default;
    /// author_domain  in A-labels
    /// Returns        null: it is none of ours, or has no key
    /// Throws         storage::fault
    virtual awaitable<std::shared_ptr<const domain_signature>> find(std::string author_domain) = 0;
};

}  // namespace hauspost::delivery
