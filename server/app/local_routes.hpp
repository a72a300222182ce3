#pragma once

#include "admin/local_routes.hpp"
#include "server/delivery/directory_lookup.hpp"
#include "server/delivery/routing_settings.hpp"
#include "storage/directory_store.hpp"

#include <string>

namespace hauspost::server {

/// The administrators' way to the routing of mail.
class local_routes final : public admin::local_routes {
public:
    /// directory  must outlive this object
    local_routes(storage::directory_store& directory, delivery::routing_settings settings)
        : lookup_(directory), settings_(std::move(settings)) {}

    awaitable<admin::told_way> tell(std::string address) override;

private:
    delivery::directory_lookup lookup_;
    const delivery::routing_settings settings_;
};

}  // namespace hauspost::server
