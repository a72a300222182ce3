#include "server/delivery/route_log.hpp"

#include <algorithm>

namespace hauspost::delivery {
namespace {

using mail::route_step;
using smtp::recipient_verdict;
using storage::trace_rule;

route_step::kind rule_kind(trace_rule rule) {
    switch (rule) {
    case trace_rule::sub_address: return route_step::kind::sub_address;
    case trace_rule::catch_all: return route_step::kind::catch_all;
    case trace_rule::owner: return route_step::kind::owner;
    case trace_rule::last_resort: return route_step::kind::last_resort;
    case trace_rule::none:
    case trace_rule::exact:
    case trace_rule::alias:
    case trace_rule::forward:
    case trace_rule::other_domain:
    case trace_rule::way_back: break;
    }
    return route_step::kind::alias;  // a name that another one stands for
}

route_step::kind verdict_kind(recipient_verdict why) {
    switch (why) {
    case recipient_verdict::account_disabled: return route_step::kind::disabled;
    case recipient_verdict::over_quota: return route_step::kind::full;
    case recipient_verdict::loop: return route_step::kind::too_deep;
    case recipient_verdict::relay_denied: return route_step::kind::relay_denied;
    case recipient_verdict::too_many_targets: return route_step::kind::too_many_targets;
    case recipient_verdict::no_such_user:
    case recipient_verdict::accepted:
    case recipient_verdict::too_many_recipients:
    case recipient_verdict::try_again: break;
    }
    return route_step::kind::nobody;
}

}  // namespace

void route_log::note(route_step::kind what,
                     const storage::mail_address& name,
                     const std::vector<storage::mail_address>& targets) {
    if (steps.size() == max_steps) {
        ++steps_left_out;
        return;
    }
    auto& made = steps.emplace_back();
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
