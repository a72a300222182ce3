#pragma once

#include "base/clock.hpp"
#include "server/delivery/message_signer.hpp"
#include "server/outbound/domain_keys.hpp"
#include "storage/directory_store.hpp"

#include <memory>
#include <string>

namespace hauspost::outbound {

/// Signs with the keys of our domains, each kind once (RFC 8463 3).
///
/// Lifetime: what is passed in must outlive it; what find() gives lives by itself, but for the clock.
/// Thread: any.
class dkim_signer final : public delivery::message_signer {
public:
    dkim_signer(storage::directory_store& directory, domain_keys& keys, const clock& time)
        : directory_(directory), keys_(keys), time_(time) {}

    awaitable<std::shared_ptr<const delivery::domain_signature>> find(
        std::string author_domain) override;

private:
    storage::directory_store& directory_;
    domain_keys& keys_;
    const clock& time_;
};

}  // namespace hauspost::outbound
