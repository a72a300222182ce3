#include "server/app/local_routes.hpp"

#include "server/delivery/routing.hpp"

#include <utility>

namespace hauspost::server {
namespace {

admin::way_step::kind step_kind(delivery::route_event::kind what) {
    using from = delivery::route_event::kind;
    using to = admin::way_step::kind;
    switch (what) {
    case from::sub_address: return to::sub_address;
    case from::catch_all: return to::catch_all;
    case from::owner: return to::owner;
    case from::last_resort: return to::last_resort;
    case from::alias: return to::alias;
    case from::forward: return to::forward;
    case from::forward_only: return to::forward_only;
    case from::kept: return to::kept;
    case from::other_domain: return to::other_domain;
    case from::nobody: break;
    case from::disabled: return to::disabled;
    case from::full: return to::full;
    case from::suspended: return to::suspended;
    case from::loop: return to::loop;
    case from::too_deep: return to::too_deep;
    case from::too_many_targets: return to::too_many_targets;
    case from::relay_denied: return to::relay_denied;
    }
    return to::nobody;
}

}  // namespace

awaitable<admin::told_way> local_routes::tell(std::string address) {
    delivery::route_log log;
    auto walk = delivery::find_route(lookup_, std::move(address), 0, settings_, &log);
    const auto found = co_await std::move(walk);
    admin::told_way made;
    made.is_taken = found.verdict == smtp::recipient_verdict::accepted;
    for (auto& one : log.events) {
        auto& step = made.steps.emplace_back();
        step.what = step_kind(one.what);
        step.name = std::move(one.name);
        step.targets = std::move(one.targets);
        step.targets_left_out = one.targets_left_out;
    }
    made.steps_left_out = log.events_left_out;
    co_return made;
}

}  // namespace hauspost::server
