#pragma once

#include "admin/signing_keys.hpp"
#include "server/outbound/domain_keys.hpp"
#include "storage/directory_store.hpp"

#include <string>
#include <vector>

namespace hauspost::server {

/// The administrators' way to the DKIM keys.
class signing_keys final : public admin::signing_keys {
public:
    /// keys  must outlive this object
    explicit signing_keys(outbound::domain_keys& keys) : keys_(keys) {}

    awaitable<error_code> ensure(std::string domain) override;
    awaitable<error_code> rotate(std::string domain) override;
    awaitable<std::vector<admin::published_key>> published(std::string domain) override;

private:
    outbound::domain_keys& keys_;
};

/// Makes keys for the domains that have none: those of a store from before. When that is refused it
/// ends, says so in the log, and the next start goes on.
awaitable<void> ensure_all_keys(storage::directory_store& directory, outbound::domain_keys& keys);

}  // namespace hauspost::server
