#pragma once

#include "admin/local_routes.hpp"
#include "admin/outside.hpp"
#include "admin/ports.hpp"
#include "admin/refusal.hpp"

#include <string>
#include <vector>

namespace hauspost::admin {

struct delivery_test {
    delivery_test() = default;
    std::string address;           // canonical
    bool is_good = true;           // mail would arrive
    bool is_here = false;          // the domain is of this server
    told_way way;                  // then
    std::vector<test_step> steps;  // else
};

/// Says step by step what would become of a message to an address. Nothing is sent. Of a domain of
/// ours the routing itself is asked, without a running server too.
/// sender   in whose name others are asked, of a domain of ours: smarthosts go by it; "": the server's
///          own
/// Refuses  not_an_address, no_such_domain, not_running, sending_off
awaitable<outcome<delivery_test>> test_delivery(ports& at, std::string typed, std::string sender);

}  // namespace hauspost::admin
