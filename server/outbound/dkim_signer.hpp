#pragma once

#include "base/clock.hpp"
#include "protocols/dkim/message_digest.hpp"
#include "protocols/dkim/sign.hpp"
#include "server/delivery/message_signer.hpp"
#include "server/outbound/domain_keys.hpp"
#include "storage/directory_store.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hauspost::outbound {

/// The keys of one domain.
class dkim_signature final : public delivery::domain_signature {
public:
    dkim_signature(std::string domain, std::vector<domain_key> keys, const clock& time)
        : domain_(std::move(domain)), keys_(std::move(keys)), time_(time) {}

    [[nodiscard]] fields sign(std::string_view octets) const override;
    /// Of a message that was read already, after its finish().
    [[nodiscard]] fields sign(const dkim::message_digest& digest) const;
    /// The one key that a set of ARC has room for: RSA where there is one, which everybody can check.
    /// Valid as long as this is.
    [[nodiscard]] dkim::signer sealing_signer() const;

private:
    const std::string domain_;
    const std::vector<domain_key> keys_;
    const clock& time_;
};

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
    /// The same, for who reads messages himself.
    awaitable<std::shared_ptr<const dkim_signature>> find_keys(std::string domain);

private:
    storage::directory_store& directory_;
    domain_keys& keys_;
    const clock& time_;
};

}  // namespace hauspost::outbound
