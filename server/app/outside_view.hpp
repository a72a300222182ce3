#pragma once

#include "admin/outside.hpp"
#include "server/app/sending.hpp"

#include <string>
#include <vector>

namespace hauspost::server {

/// The administrators' way to what a running server sees of others.
class outside_view final : public admin::outside {
public:
    /// at  must outlive this object
    explicit outside_view(sending& at) : at_(at) {}

    awaitable<std::vector<admin::test_step>> test_delivery(std::string address,
                                                           std::string sender) override;
    awaitable<admin::outward_test> try_port_25(std::string domain) override;
    awaitable<admin::seen_records> look_up(std::string name, std::string type) override;

private:
    sending& at_;
};

}  // namespace hauspost::server
