#include "server/delivery/route_log.hpp"

#include <algorithm>

namespace hauspost::delivery {
namespace {

using smtp::recipient_verdict;
using storage::trace_rule;

route_event::kind rule_kind(trace_rule rule) {
    switch (rule) {
    case trace_rule::sub_address: return route_event::kind::sub_address;
    case trace_rule::catch_all: return route_event::kind::catch_all;
    case trace_rule::owner: return route_event::kind::owner;
    case trace_rule::last_resort: return route_event::kind::last_resort;
    case trace_rule::none:
    case trace_rule::exact:
    case trace_rule::alias:
    case trace_rule::forward:
    case trace_rule::other_domain:
    case trace_rule::way_back: break;
    }
    return route_event::kind::alias;  // a name that another one stands for
}

route_event::kind verdict_kind(recipient_verdict why) {
    switch (why) {
    case recipient_verdict::account_disabled: return route_event::kind::disabled;
    case recipient_verdict::over_quota: return route_event::kind::full;
    case recipient_verdict::loop: return route_event::kind::too_deep;
    case recipient_verdict::relay_denied: return route_event::kind::relay_denied;
    case recipient_verdict::too_many_targets: return route_event::kind::too_many_targets;
    case recipient_verdict::no_such_user:
    case recipient_verdict::accepted:
    case recipient_verdict::too_many_recipients:
    case recipient_verdict::try_again: break;
    }
    return route_event::kind::nobody;
}

}  // namespace

void route_log::note(route_event::kind what,
                     const storage::mail_address& name,
                     const std::vector<storage::mail_address>& targets) {
    if (events.size() == max_events) {
        ++events_left_out;
        return;
    }
    auto& made = events.emplace_back();
    made.what = what;
    made.name = name;
    const auto shown = std::min(targets.size(), max_targets);
    made.targets.assign(targets.begin(), targets.begin() + static_cast<std::ptrdiff_t>(shown));
    made.targets_left_out = targets.size() - shown;
}

void route_log::note(trace_rule rule,
                     const storage::mail_address& from,
                     const storage::mail_address& to) {
    note(rule_kind(rule), from, {to});
}

void route_log::note(recipient_verdict why, const storage::mail_address& name) {
    note(verdict_kind(why), name);
}

}  // namespace hauspost::delivery
