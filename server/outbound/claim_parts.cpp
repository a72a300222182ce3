#include "server/outbound/claim_parts.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::outbound {

std::vector<claim_part> parts_by_relay(const delivery_settings& settings,
                                       const storage::queue_claim& claim) {
    std::vector<claim_part> parts;
    std::size_t place = 0;
    for (const auto& item : claim.items) {
        const auto* relay = settings.relay_of(item.reverse_path);
        auto at = std::ranges::find(parts, relay, &claim_part::relay);
        if (at == parts.end()) {
            at = parts.insert(parts.end(), claim_part());
            at->relay = relay;
            at->claim.lease = claim.lease;
            at->claim.domain = claim.domain;
        }
        at->claim.items.push_back(item);
        for (std::size_t n = 0; n < item.recipients.size(); ++n)
            at->places.push_back(place++);
    }
    return parts;
}

}  // namespace hauspost::outbound
