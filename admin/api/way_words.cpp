#include "admin/api/way_words.hpp"

#include <array>
#include <string>
#include <string_view>

namespace hauspost::admin::api {
namespace {

using way_kind = mail::route_step::kind;

/// What is told of a kind. {0}: the name, {1}: where it leads.
struct way_row {
    way_kind what;
    std::string_view code;    // programs rely on these
    std::string_view result;  // as of a step of any test
    std::string_view words;
};

constexpr std::array way_rows{
    way_row{way_kind::sub_address, "sub_address", "good",
            "{0} is {1} with something after the plus sign"},
    way_row{way_kind::catch_all, "catch_all", "good",
            "nobody has the address {0}: the catch-all {1} takes it"},
    way_row{way_kind::owner, "owner", "good",
            "nobody has the address {0}: the owner takes it at {1}"},
    way_row{way_kind::last_resort, "last_resort", "good",
            "{0} must always arrive: the first account of the domain, {1}, takes it"},
    way_row{way_kind::alias, "alias", "good", "the alias {0} leads to {1}"},
    way_row{way_kind::forward, "forward", "good", "{0} forwards to {1} and keeps a copy"},
    way_row{way_kind::forward_only, "forward_only", "good",
            "{0} forwards to {1} without keeping a copy"},
    way_row{way_kind::kept, "kept", "good", "a copy arrives in the account {0}"},
    way_row{way_kind::other_domain, "other_domain", "good",
            "a copy is sent to {0} at its own server"},
    way_row{way_kind::nobody, "nobody", "bad", "nobody has the address {0}"},
    way_row{way_kind::disabled, "disabled", "bad", "{0} is switched off and takes nothing"},
    way_row{way_kind::full, "full", "bad", "{0} is full; the sender tries again later"},
    way_row{way_kind::suspended, "suspended", "bad",
            "{0} gets nothing: its own server has refused forwarded mail again and again"},
    way_row{way_kind::loop, "loop", "note", "it leads back to {0}, which is not followed again"},
    way_row{way_kind::too_deep, "too_deep", "bad",
            "{0} stands behind too many forwards and gets nothing"},
    way_row{way_kind::too_many_targets, "too_many_targets", "bad",
            "it leads to too many addresses, from {0} on; it is refused as a whole"},
    way_row{way_kind::relay_denied, "relay_denied", "bad", "{0} is not an address of this server"},
};

const way_row& row_of(way_kind what) {
    for (const auto& one : way_rows)
        if (one.what == what) return one;
    return way_rows.front();
}

std::string filled(std::string_view words, const std::string& name, const std::string& targets) {
    std::string made;
    while (!words.empty()) {
        if (words.starts_with("{0}") || words.starts_with("{1}")) {
            made += words[1] == '0' ? name : targets;
            words.remove_prefix(3);
        } else {
            made += words.front();
            words.remove_prefix(1);
        }
    }
    return made;
}

std::string targets_of(const mail::route_step& step) {
    auto text = listed(step.targets);
    if (step.targets_left_out > 0)
        text += " and " + std::to_string(step.targets_left_out) + " more";
    return text;
}

}  // namespace

json::array way_json(const told_way& way, const places& named) {
    json::array steps;
    for (const auto& one : way.steps) {
        const auto& row = row_of(one.what);
        json::object step;
        step["step"] = row.code;
        step["result"] = row.result;
        step["text"] = filled(row.words, one.name, targets_of(one));
        step["name"] = one.name;
        if (!one.targets.empty())
            step["targets"] = json::array(one.targets.begin(), one.targets.end());
        if (one.targets_left_out > 0) step["targets_left_out"] = one.targets_left_out;
        if (one.what == way_kind::nobody && !way.is_taken)
            step["advice"] = std::string(named.account_add) + ", " + std::string(named.alias_add) +
                             " or " + std::string(named.catchall_set) + " can give it to somebody.";
        steps.push_back(std::move(step));
    }
    return steps;
}

}  // namespace hauspost::admin::api
