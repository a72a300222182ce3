#include "server/app/local_routes.hpp"

#include "server/delivery/routing.hpp"

#include <utility>

namespace hauspost::server {

awaitable<admin::told_way> local_routes::tell(std::string address) {
    delivery::route_log log;
    auto walk = delivery::find_route(lookup_, std::move(address), 0, settings_, &log);
    const auto found = co_await std::move(walk);
    admin::told_way made;
    made.is_taken = found.verdict == smtp::recipient_verdict::accepted;
    made.steps = std::move(log.steps);
    made.steps_left_out = log.steps_left_out;
    co_return made;
}

}  // namespace hauspost::server
