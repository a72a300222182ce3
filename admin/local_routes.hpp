#pragma once

#include "base/awaitable.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::admin {

/// One thing that happens to mail on its way inside this server, as the routing itself says it
/// (delivery::route_event has the meanings).
struct way_step {
    way_step() = default;
    enum class kind : std::uint8_t {
        sub_address,
        catch_all,
        owner,
        last_resort,
        alias,
        forward,
        forward_only,
        kept,
        other_domain,
        nobody,
        disabled,
        full,
        suspended,
        loop,
        too_deep,
        too_many_targets,
        relay_denied,
    };
    kind what = kind::nobody;
    std::string name;
    std::vector<std::string> targets;  // the first of them
    std::size_t targets_left_out = 0;
};

struct told_way {
    told_way() = default;
    bool is_taken = false;  // else it is refused
    std::vector<way_step> steps;
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
