#include "server/outbound/delivery_settings.hpp"

#include "base/address.hpp"

namespace hauspost::outbound {

const smarthost* delivery_settings::relay_of(std::string_view sender) const {
    const auto* usual = relay ? &*relay : nullptr;
    if (relays_of.empty()) return usual;
    const auto domain = address::to_a_labels(address::domain_of(sender));
    if (!domain) return usual;
    const auto found = relays_of.find(*domain);
    if (found == relays_of.end()) return usual;
    return found->second ? &*found->second : nullptr;
}

}  // namespace hauspost::outbound
