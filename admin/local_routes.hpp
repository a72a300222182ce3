#pragma once

#include "base/awaitable.hpp"
#include "mail/route_step.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace hauspost::admin {

struct told_way {
    told_way() = default;
    bool is_taken = false;  // else it is refused
    std::vector<mail::route_step> steps;
    std::size_t steps_left_out = 0;
};

/// The port to the routing of mail; implemented in server/ over server/delivery.
///
/// Throws  storage::fault
/// Thread  any; resumes on the caller's executor
class local_routes {
public:
    virtual ~local_routes() = default;

    /// The way of a message that comes from outside.
    /// address  canonical, of a domain of ours
    virtual awaitable<told_way> tell(std::string address) = 0;
};

}  // namespace hauspost::admin
