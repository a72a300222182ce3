#include "server/delivery/routing.hpp"

#include "base/address.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <variant>

namespace hauspost::delivery {
namespace {

using smtp::recipient_verdict;
using storage::trace_rule;

bool is_obligatory(std::string_view local_part) {
    // RFC 5321 4.5.1, RFC 2142 2 and 4.
    return local_part == "postmaster" || local_part == "abuse";
}

struct nowhere {
    recipient_verdict why = recipient_verdict::no_such_user;
};
struct elsewhere {};  // it is no address of ours
struct onward {       // to a catch-all or to the owner
    storage::mail_address name;
    storage::mail_address by;  // "@domain" of a catch-all
};
struct known {};  // where an earlier recipient arrived: it was not looked up again
struct arrived {  // at an account
    storage::account row;
    storage::account_usage used;  // when it has a quota
};
/// Where an address leads to at once.
struct arrival {
    std::variant<nowhere, elsewhere, onward, known, arrived, storage::alias> at;
    /// The same for all recipients that have the same route; "" for nowhere.
    storage::mail_address name;
    trace_rule rule = trace_rule::exact;
    std::vector<storage::mail_address> suspended;  // targets that get nothing at present
};

arrival refused(recipient_verdict why) {
    arrival none;
    none.at = nowhere{why};
    return none;
}

arrival lead_on(storage::mail_address to, storage::mail_address by) {
    arrival next;
    next.name = to;
    next.at = onward{std::move(to), std::move(by)};
    return next;
}

/// What a walk, or the recipients of one message, look things up in.
struct places {
    route_lookup& lookup;
    const routing_settings& settings;
    /// Names at which an earlier recipient arrived; none inside a walk.
    const std::unordered_map<storage::mail_address, recipient_verdict>* known = nullptr;
};

arrival arrival_at(storage::account row, storage::account_usage used) {
    arrival found;
    found.name = row.name;
    found.at = arrived{std::move(row), used};
    return found;
}

/// At what was met; nullopt: nothing stands there.
std::optional<arrival> arrival_of(storage::met_address met) {
    if (auto* account = std::get_if<storage::account>(&met.entry)) {
        auto found = arrival_at(std::move(*account), met.usage);
        found.suspended = std::move(met.suspended);
        return found;
    }
    auto* alias = std::get_if<storage::alias>(&met.entry);
    if (alias == nullptr) return std::nullopt;
    if (!alias->enabled) return refused(recipient_verdict::account_disabled);
    arrival found;
    found.name = alias->name;
    found.at = std::move(*alias);
    found.suspended = std::move(met.suspended);
    return found;
}

arrival arrival_known(storage::mail_address name) {
    arrival found;
    found.at = known();
    found.name = std::move(name);
    return found;
}

/// name+detail@domain is name@domain's (RFC 5233); "" for one without a detail.
storage::mail_address without_detail(std::string_view name) {
    const auto plus = address::local_part_of(name).find('+');
    if (plus == std::string_view::npos || plus == 0) return {};
    std::string base(name.substr(0, plus));
    base += '@';
    base += address::domain_of(name);
    return base;
}

/// What stands at the first of several names.
struct found_name {
    std::optional<storage::domain> domain;  // of the first name
    std::optional<arrival> to;
    bool is_catch_all_suspended = false;
};

/// One look-up. An earlier recipient may have arrived at one of the names: what stands there, a
/// list of a thousand perhaps, is not read again.
awaitable<found_name> find_first(const places& in, std::vector<storage::mail_address> names) {
    const auto is_known = [&in](const auto& name) {
        return in.known != nullptr && in.known->contains(name);
    };
    const auto seen = std::find_if(names.begin() + 1, names.end(), is_known);
    std::optional<storage::mail_address> last;
    if (seen != names.end()) last = *seen;
    names.erase(seen, names.end());
    found_name found;
    auto met = co_await in.lookup.find_recipient(std::move(names));
    found.domain = std::move(met.domain);
    if (!found.domain) co_return found;
    const bool is_nothing_there = std::holds_alternative<std::monostate>(met.entry);
    found.is_catch_all_suspended = is_nothing_there && !met.suspended.empty();
    found.to = arrival_of(std::move(met));
    if (!found.to && last) found.to = arrival_known(std::move(*last));
    co_return found;
}

awaitable<std::optional<arrival>> find_one(const places& in, storage::mail_address name) {
    if (in.known != nullptr && in.known->contains(name)) co_return arrival_known(std::move(name));
    std::vector<storage::mail_address> names{std::move(name)};
    auto found = co_await find_first(in, std::move(names));
    co_return std::move(found.to);
}

awaitable<std::optional<arrival>> find_owner(const places& in) {
    auto owner = in.settings.owner_mailbox;
    if (in.known != nullptr && in.known->contains(owner)) co_return arrival_known(std::move(owner));
    std::vector<storage::mail_address> names{owner};
    auto found = co_await find_first(in, std::move(names));
    if (!found.domain) co_return lead_on(std::move(owner), {});  // the owner reads mail elsewhere
    co_return std::move(found.to);
}

/// Explicit, or catchall@domain; that is left, too, when the explicit one is suspended.
awaitable<std::optional<arrival>> find_catch_all(const places& in,
                                                 std::string_view name,
                                                 const storage::domain& domain,
                                                 bool is_suspended) {
    // A catch-all that is gone catches nothing, least of all itself.
    if (domain.catch_all == name) co_return std::nullopt;
    if (!domain.catch_all.empty() && !is_suspended)
        co_return lead_on(domain.catch_all, '@' + domain.name);
    auto account = "catchall@" + domain.name;
    co_return co_await find_one(in, std::move(account));
}

arrival by_rule(trace_rule rule, arrival to) {
    to.rule = rule;
    return to;
}

awaitable<arrival> find_arrival(const places& in, storage::mail_address name) {
    if (in.known != nullptr && in.known->contains(name)) co_return arrival_known(std::move(name));
    std::vector<storage::mail_address> names{name};
    auto base = without_detail(name);
    if (!base.empty()) names.push_back(base);
    auto found = co_await find_first(in, std::move(names));
    if (!found.domain) {
        arrival other;
        other.at = elsewhere();
        other.name = std::move(name);
        co_return by_rule(trace_rule::other_domain, std::move(other));
    }
    auto to = std::move(found.to);
    if (to && !base.empty() && to->name == base) to->rule = trace_rule::sub_address;
    const bool is_owners = is_obligatory(address::local_part_of(name));
    if (!to && is_owners && !in.settings.owner_mailbox.empty()) {
        to = co_await find_owner(in);
        if (to) to->rule = trace_rule::owner;
    }
    if (!to) {
        to = co_await find_catch_all(in, name, *found.domain, found.is_catch_all_suspended);
        if (to) to->rule = trace_rule::catch_all;
    }
    if (to) co_return std::move(*to);
    co_return refused(recipient_verdict::no_such_user);
}

/// Whether mail to this address has to arrive all the same: nobody has it, or it leads to nobody.
/// Who has no room for the moment may have some later.
bool must_arrive(std::string_view name, recipient_verdict why) {
    if (!is_obligatory(address::local_part_of(name))) return false;
    switch (why) {
    case recipient_verdict::no_such_user:
    case recipient_verdict::account_disabled:
    case recipient_verdict::loop:
    case recipient_verdict::too_many_targets: return true;
    case recipient_verdict::accepted:
    case recipient_verdict::relay_denied:
    case recipient_verdict::over_quota:
    case recipient_verdict::too_many_recipients:
    case recipient_verdict::try_again: break;
    }
    return false;
}

/// Somebody who can log in and read it: of the domain, else of all.
awaitable<std::optional<arrival>> find_last_resort(route_lookup& lookup, std::string domain) {
    auto met = co_await lookup.first_account(std::move(domain));
    if (!met) {
        std::string every_domain;
        met = co_await lookup.first_account(std::move(every_domain));
    }
    if (!met) co_return std::nullopt;
    auto& account = std::get<storage::account>(met->entry);
    account.keep_copy = true;  // where its own mail goes on to may lead to nobody as well
    co_return by_rule(trace_rule::last_resort, arrival_at(std::move(account), met->usage));
}

using events = mail::route_step::kind;

/// One walk from an envelope recipient to its targets, breadth first.
class walk {
public:
    walk(route_lookup& lookup,
         std::uint64_t octets,
         const routing_settings& settings,
         route_log* log = nullptr)
        : in_{lookup, settings}, octets_(octets), settings_(settings), log_(log) {}

    /// first: where the recipient arrives.
    awaitable<route> run(storage::mail_address recipient, arrival first) {
        add(std::move(recipient), no_parent, {}, trace_rule::none);
        co_await follow(0, std::move(first));
        for (std::size_t i = 1; i < steps_.size() && !too_many_; ++i) {
            auto name = steps_[i].name;
            auto next = co_await find_arrival(in_, std::move(name));
            co_await follow(i, std::move(next));
            if (i % steps_of_a_turn == 0) co_await asio::post(asio::use_awaitable);
        }
        route_.targets = steps_.size();
        judge();
        co_return std::move(route_);
    }

private:
    static constexpr std::size_t no_parent = SIZE_MAX;
    static constexpr std::size_t steps_of_a_turn = 64;  // some 3 us each
    struct step {
        storage::mail_address name;
        std::size_t parent;
        std::size_t depth;
        storage::mail_address by;       // who leads here, as storage::forward_way has it
        storage::mail_address account;  // that was reached by it; "" when none
        trace_rule led_by;              // the rule by which its parent led to it
    };

    void judge() {
        const bool has_target = !route_.local.empty() || !route_.remote.empty();
        if (too_many_) {
            refuse_all(recipient_verdict::too_many_targets);
        } else if (!route_.full.empty()) {
            refuse_all(recipient_verdict::over_quota);
        } else if (has_target) {
            route_.verdict = recipient_verdict::accepted;
        } else if (!route_.lost.empty()) {
            refuse_all(route_.lost.front().why);
        } else {
            refuse_all(route_.is_loop_cut ? recipient_verdict::loop
                                          : recipient_verdict::no_such_user);
        }
    }

    void refuse_all(recipient_verdict why) {
        route_.verdict = why;
        route_.local.clear();
        route_.local_reasons.clear();
        route_.remote.clear();
        route_.remote_reasons.clear();
        route_.remote_by.clear();
    }

    /// One more address to follow; each only once, and never one that led here.
    void add(storage::mail_address name,
             std::size_t parent,
             storage::mail_address by,
             trace_rule led_by) {
        const auto depth = parent == no_parent ? 0 : steps_[parent].depth + 1;
        for (auto i = parent; i != no_parent; i = steps_[i].parent) {
            if (steps_[i].name == name) {
                route_.is_loop_cut = true;
                note(events::loop, name);
                return;
            }
        }
        if (seen_.contains(name)) return;
        if (depth > settings_.max_depth) {
            lose(std::move(name), recipient_verdict::loop);
            return;
        }
        // The recipient itself is none of its targets.
        if (steps_.size() > settings_.max_targets) {
            if (!too_many_) note(events::too_many_targets, name);
            too_many_ = true;
            return;
        }
        seen_.insert(name);
        steps_.push_back({std::move(name), parent, depth, std::move(by), {}, led_by});
    }

    /// What was decided last on the way to a step where the mail arrives by `at_last`.
    [[nodiscard]] route_reason reason_of(std::size_t i, trace_rule at_last) const {
        const auto& here = steps_[i];
        route_reason why;
        const bool is_plain = at_last == trace_rule::exact || at_last == trace_rule::other_domain;
        if (here.parent == no_parent || !is_plain) {
            why.rule = at_last;
            why.by = here.name;
            return why;
        }
        const auto& before = steps_[here.parent];
        why.rule = here.led_by;
        why.by = before.account.empty() ? before.name : before.account;
        return why;
    }

    void note(events what,
              const storage::mail_address& name,
              const std::vector<storage::mail_address>& targets = {}) {
        if (log_ != nullptr) log_->note(what, name, targets);
    }

    void lose(storage::mail_address name, recipient_verdict why, bool is_suspended = false) {
        if (log_ != nullptr && is_suspended) log_->note(events::suspended, name);
        if (log_ != nullptr && !is_suspended) log_->note(why, name);
        lost_target one;
        one.name = std::move(name);
        one.why = why;
        one.is_suspended = is_suspended;
        route_.lost.push_back(std::move(one));
    }

    awaitable<void> follow(std::size_t i, arrival to) {
        const bool has_other_name = !to.name.empty() && to.name != steps_[i].name;
        if (log_ != nullptr && has_other_name) log_->note(to.rule, steps_[i].name, to.name);
        if (const auto* none = std::get_if<nowhere>(&to.at)) {
            lose(steps_[i].name, none->why);
        } else if (std::holds_alternative<elsewhere>(to.at)) {
            if (i == 0 && !may_relay_to(steps_[i].name)) {
                lose(steps_[i].name, recipient_verdict::relay_denied);
            } else {
                note(events::other_domain, steps_[i].name);
                route_.remote.push_back(steps_[i].name);
                route_.remote_reasons.push_back(reason_of(i, to.rule));
                route_.remote_by.push_back(steps_[i].by);
            }
        } else if (auto* next = std::get_if<onward>(&to.at)) {
            add(std::move(next->name), i, std::move(next->by), to.rule);
        } else if (auto* alias = std::get_if<storage::alias>(&to.at)) {
            co_await follow_targets(i, std::move(*alias), to.suspended);
        } else {
            reach(i, std::get<arrived>(to.at), to);
        }
    }

    /// Never to an address literal: whoever names one would have this server call any machine that
    /// it can reach.
    [[nodiscard]] bool may_relay_to(std::string_view name) const {
        return settings_.may_relay && !address::domain_of(name).starts_with('[');
    }

    /// Follows one target of an alias or forward. False: it gets nothing at present.
    bool lead(std::size_t i,
              storage::mail_address target,
              const storage::mail_address& by,
              trace_rule rule,
              const std::vector<storage::mail_address>& suspended) {
        if (std::find(suspended.begin(), suspended.end(), target) != suspended.end()) {
            lose(std::move(target), recipient_verdict::no_such_user, true);
            return false;
        }
        add(std::move(target), i, by, rule);
        return true;
    }

    awaitable<void> follow_targets(std::size_t i,
                                   storage::alias alias,
                                   const std::vector<storage::mail_address>& suspended) {
        if (!reached_.insert(alias.name).second) {  // by another name
            note_loop(i, alias.name);
            co_return;
        }
        steps_[i].account = alias.name;
        note(events::alias, alias.name, alias.targets);
        for (std::size_t n = 0; n < alias.targets.size() && !too_many_; ++n) {
            lead(i, std::move(alias.targets[n]), alias.name, trace_rule::alias, suspended);
            if (n % (8 * steps_of_a_turn) == 0) co_await asio::post(asio::use_awaitable);
        }
    }

    void reach(std::size_t i, const arrived& here, const arrival& how) {
        const auto& account = here.row;
        if (!reached_.insert(account.name).second) return note_loop(i, account.name);
        steps_[i].account = account.name;
        if (!account.active) return lose(steps_[i].name, recipient_verdict::account_disabled);
        const bool keeps = account.keep_copy || is_own_target(account);
        if (!account.forwards.empty())
            note(keeps ? events::forward : events::forward_only, account.name, account.forwards);
        bool goes_on = false;  // where it goes on to nobody, it stays here
        for (const auto& target : account.forwards)
            if (target != account.name &&
                lead(i, target, account.name, trace_rule::forward, how.suspended))
                goes_on = true;
        if (goes_on && !keeps) return;
        if (!has_room(here, i == 0 ? octets_ : 0)) {
            note(events::full, account.name);
            route_.full = account.name;
            return;
        }
        note(events::kept, account.name);
        route_.local.push_back(account);
        route_.local_reasons.push_back(reason_of(i, how.rule));
    }

    static bool has_room(const arrived& here, std::uint64_t octets) {
        const auto quota = here.row.quota_octets;
        return quota == 0 || (here.used.octets < quota && octets <= quota - here.used.octets);
    }

    /// A forward to the account itself is how some people say "and keep a copy".
    static bool is_own_target(const storage::account& account) {
        return std::find(account.forwards.begin(), account.forwards.end(), account.name) !=
               account.forwards.end();
    }

    /// What is reached again is a loop when it led here itself, by whatever name.
    void note_loop(std::size_t i, const storage::mail_address& name) {
        for (auto at = steps_[i].parent; at != no_parent; at = steps_[at].parent)
            if (steps_[at].account == name) {
                if (!route_.is_loop_cut) note(events::loop, name);
                route_.is_loop_cut = true;
            }
    }

    const places in_;
    const std::uint64_t octets_;
    const routing_settings& settings_;
    route_log* const log_;
    std::vector<step> steps_;
    std::unordered_set<storage::mail_address> seen_;
    std::unordered_set<storage::mail_address> reached_;
    bool too_many_ = false;
    route route_;
};

/// The way of a recipient that must arrive and does not by any other. What it should have led to
/// stays `lost`, so that the owner hears of it.
awaitable<route> rescue(route_lookup& lookup,
                        storage::mail_address recipient,
                        std::uint64_t octets,
                        const routing_settings& settings,
                        route refused,
                        route_log* log = nullptr) {
    std::string domain(address::domain_of(recipient));
    auto somebody = co_await find_last_resort(lookup, std::move(domain));
    if (!somebody) co_return refused;
    walk to_somebody(lookup, octets, settings, log);
    auto way = to_somebody.run(recipient, std::move(*somebody));
    auto found = co_await std::move(way);
    found.targets += refused.targets;
    for (auto& one : refused.lost)
        if (one.name != recipient) found.lost.push_back(std::move(one));
    co_return found;
}

}  // namespace

awaitable<route> find_route(route_lookup& lookup,
                            storage::mail_address recipient,
                            std::uint64_t octets,
                            const routing_settings& settings,
                            route_log* log) {
    const places in{lookup, settings};
    auto first = co_await find_arrival(in, recipient);
    walk to_targets(lookup, octets, settings, log);
    auto way = to_targets.run(recipient, std::move(first));
    auto found = co_await std::move(way);
    if (!must_arrive(recipient, found.verdict)) co_return found;
    auto last = rescue(lookup, std::move(recipient), octets, settings, std::move(found), log);
    co_return co_await std::move(last);
}

awaitable<message_routes::found> message_routes::find(storage::mail_address recipient,
                                                      std::uint64_t octets) {
    constexpr std::size_t recipients_of_a_turn = 32;
    if (++asked_ % recipients_of_a_turn == 0) co_await asio::post(asio::use_awaitable);
    const places in{lookup_, settings_, &verdicts_};
    auto first = co_await find_arrival(in, recipient);
    found one;
    one.arrival = first.name;
    const auto earlier = verdicts_.find(one.arrival);
    if (earlier != verdicts_.end()) {
        one.is_known = true;
        one.to.verdict = earlier->second;
        if (!must_arrive(recipient, one.to.verdict)) co_return one;
    }
    const auto most = settings_.max_targets_of_message;
    if (most != 0 && targets_ >= most) {
        one.to.verdict = recipient_verdict::too_many_recipients;
        co_return one;
    }
    if (!one.is_known) {
        walk to_targets(lookup_, octets, settings_);
        auto way = to_targets.run(recipient, std::move(first));
        one.to = co_await std::move(way);
    }
    if (must_arrive(recipient, one.to.verdict)) {
        // Others who come to the same dead end are refused: this one has a way of its own.
        one.arrival = recipient;
        one.is_known = false;
        auto last = rescue(lookup_, std::move(recipient), octets, settings_, std::move(one.to));
        one.to = co_await std::move(last);
    }
    targets_ += one.to.targets;
    if (!one.arrival.empty()) verdicts_.emplace(one.arrival, one.to.verdict);
    co_return one;
}

storage::mail_address canonical_address(const smtp::mailbox_address& address) {
    if (address.domain.empty()) return {};
    return address::canonical(address.local_part + '@' + address.domain).value_or("");
}

smtp::mailbox_address path_of(std::string_view name) {
    smtp::mailbox_address path;
    path.local_part = address::local_part_of(name);
    path.domain = address::domain_of(name);
    return path;
}

}  // namespace hauspost::delivery
