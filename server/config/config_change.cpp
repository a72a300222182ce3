#include "server/config/config_change.hpp"

#include "server/config/config_items.hpp"

#include <cstddef>
#include <variant>

namespace hauspost::server {
namespace {

/// Both bind the same item, each in a config of its own.
bool is_equal(const config_item& a, const config_item& b) {
    return std::visit([&b](auto* value) { return *value == *std::get<decltype(value)>(b.value); },
                      a.value);
}

void assign(const config_item& to, const config_item& from) {
    std::visit([&from](auto* value) { *value = *std::get<decltype(value)>(from.value); }, to.value);
}

}  // namespace

config_change change_of(const config& running, const config& fresh) {
    config_change change{running, {}, {}};
    config wanted = fresh;
    const auto ours = config_items(change.values);
    const auto theirs = config_items(wanted);
    for (std::size_t i = 0; i < ours.size(); ++i) {
        if (is_equal(ours[i], theirs[i])) continue;
        if (!ours[i].reloads) {
            change.waiting.push_back(full_name(ours[i]));
            continue;
        }
        assign(ours[i], theirs[i]);
        change.applied.push_back(full_name(ours[i]));
    }
    return change;
}

}  // namespace hauspost::server
