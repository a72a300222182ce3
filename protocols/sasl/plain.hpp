#pragma once

#include "protocols/sasl/mechanism.hpp"

namespace hauspost::sasl {

/// message = [authzid] NUL authcid NUL passwd          (RFC 4616 2)
/// An authorization identity other than the login itself is refused: nobody acts for somebody else.
class plain final : public mechanism {
protected:
    outcome begin() override;
    outcome receive(secret response) override;
};

}  // namespace hauspost::sasl
