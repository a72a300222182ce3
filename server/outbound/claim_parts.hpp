#pragma once

#include "server/outbound/delivery_settings.hpp"
#include "storage/queue_store.hpp"

#include <cstddef>
#include <vector>

namespace hauspost::outbound {

/// What of a claim leaves by one way, since smarthosts go by sender.
struct claim_part {
    storage::queue_claim claim;
    const smarthost* relay = nullptr;  // null: the domain's own servers
    /// Where each of its recipients stands among all of the whole claim.
    std::vector<std::size_t> places;
};

/// In the order in which the ways come up; each message is in one of them.
[[nodiscard]] std::vector<claim_part> parts_by_relay(const delivery_settings& settings,
                                                     const storage::queue_claim& claim);

}  // namespace hauspost::outbound
