#include "server/config/config_change.hpp"

#include "server/config/config_items.hpp"

#include <cstddef>

namespace hauspost::server {
namespace {

/// Calls visit(item of a, the same item of b) for each item whose values differ.
template <class Visit>
void for_each_difference(config& a, config& b, Visit visit) {
    const auto ours = config_items(a);
    const auto theirs = config_items(b);
    for (std::size_t i = 0; i < ours.size(); ++i)
        if (!ours[i].has_value_of(theirs[i])) visit(ours[i], theirs[i]);
}

}  // namespace

std::vector<std::string> differences(config a, config b) {
    std::vector<std::string> names;
    for_each_difference(a, b, [&names](const config_item& one, const config_item&) {
        names.push_back(full_name(one));
    });
    return names;
}

config_change change_of(const config& running, config fresh) {
    config_change change{running, {}, {}};
    for_each_difference(
        change.values, fresh, [&](const config_item& ours, const config_item& theirs) {
            if (ours.reloads) ours.take_value_of(theirs);
            (ours.reloads ? change.applied : change.waiting).push_back(full_name(ours));
        });
    return change;
}

}  // namespace hauspost::server
