#include "server/delivery/routing.hpp"

#include "protocols/message/canonical_name.hpp"
#include "protocols/smtp/u_label.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <string_view>
#include <unordered_set>
#include <utility>
#include <variant>

namespace hauspost::delivery {
namespace {

using smtp::recipient_verdict;

std::string_view domain_of(std::string_view name) {
    const auto at = name.rfind('@');
    return at == std::string_view::npos ? std::string_view() : name.substr(at + 1);
}

std::string_view local_part_of(std::string_view name) {
    return name.substr(0, name.rfind('@'));
}

bool is_obligatory(std::string_view local_part) {
    // RFC 5321 4.5.1, RFC 2142 2 and 4.
    return local_part == "postmaster" || local_part == "abuse";
}

/// One walk from an envelope recipient to its targets, breadth first.
class walk {
public:
    walk(route_lookup& lookup, std::uint64_t octets, const routing_settings& settings)
        : lookup_(lookup), octets_(octets), settings_(settings) {}

    awaitable<route> run(storage::mail_address recipient) {
        add(std::move(recipient), no_parent);
        for (std::size_t i = 0; i < steps_.size(); ++i)
            co_await follow(i);
        if (!route_.local.empty() || !route_.remote.empty()) {
            route_.verdict = recipient_verdict::accepted;
        } else {
            route_.skipped.clear();
            if (first_refusal_) {
                route_.verdict = *first_refusal_;
            } else {
                route_.verdict =
                    route_.is_loop_cut ? recipient_verdict::loop : recipient_verdict::no_such_user;
            }
        }
        co_return std::move(route_);
    }

private:
    static constexpr std::size_t no_parent = SIZE_MAX;
    struct step {
        storage::mail_address name;
        std::size_t parent;
        std::size_t depth;
        storage::mail_address account;  // that was reached by it; "" when none
    };

    /// One more address to follow; each only once, and never one that led here.
    void add(storage::mail_address name, std::size_t parent) {
        const auto depth = parent == no_parent ? 0 : steps_[parent].depth + 1;
        for (auto i = parent; i != no_parent; i = steps_[i].parent) {
            if (steps_[i].name == name) {
                route_.is_loop_cut = true;
                return;
            }
        }
        if (depth > settings_.max_depth || steps_.size() >= settings_.max_targets) {
            route_.is_loop_cut = true;
            return;
        }
        if (!seen_.insert(name).second) return;
        steps_.push_back({std::move(name), parent, depth, {}});
    }

    void refuse(std::size_t i, recipient_verdict verdict) {
        if (!first_refusal_) first_refusal_ = verdict;
        route_.skipped.push_back(steps_[i].name);
    }

    awaitable<void> follow(std::size_t i) {
        const auto name = steps_[i].name;
        const std::string domain_name(domain_of(name));
        const auto domain = co_await lookup_.find_domain(domain_name);
        if (!domain) {
            if (steps_[i].parent == no_parent) {
                refuse(i, recipient_verdict::relay_denied);
            } else {
                route_.remote.push_back(name);
            }
            co_return;
        }
        bool found = co_await follow_entry(i, name);
        if (!found) found = co_await follow_sub_address(i, name);
        if (!found) found = co_await follow_obligatory(i, name);
        if (!found) found = co_await follow_catch_all(i, *domain);
        if (!found && is_obligatory(local_part_of(name))) {
            const auto first = co_await lookup_.first_account(domain_name);
            if (first) {
                co_await reach(i, *first);
                co_return;
            }
        }
        if (!found) refuse(i, recipient_verdict::no_such_user);
    }

    /// What stands at exactly that address. False: nothing.
    awaitable<bool> follow_entry(std::size_t i, storage::mail_address name) {
        const auto entry = co_await lookup_.find_address(std::move(name));
        if (const auto* account = std::get_if<storage::account>(&entry)) {
            co_await reach(i, *account);
            co_return true;
        }
        if (const auto* alias = std::get_if<storage::alias>(&entry)) {
            if (!alias->enabled) {
                refuse(i, recipient_verdict::account_disabled);
                co_return true;
            }
            for (const auto& target : alias->targets)
                add(target, i);
            co_return true;
        }
        co_return false;
    }

    /// name+detail@domain is name@domain's. RFC 5233.
    awaitable<bool> follow_sub_address(std::size_t i, const storage::mail_address& name) {
        const auto plus = local_part_of(name).find('+');
        if (plus == std::string_view::npos || plus == 0) co_return false;
        auto base = name.substr(0, plus) + name.substr(name.rfind('@'));
        co_return co_await follow_entry(i, std::move(base));
    }

    awaitable<bool> follow_obligatory(std::size_t i, const storage::mail_address& name) {
        if (!is_obligatory(local_part_of(name)) || settings_.owner_mailbox.empty()) co_return false;
        auto owner = settings_.owner_mailbox;
        const std::string owner_domain(domain_of(owner));
        const auto domain = co_await lookup_.find_domain(owner_domain);
        if (!domain) {
            add(std::move(owner), i);  // the owner reads mail elsewhere
            co_return true;
        }
        co_return co_await follow_entry(i, std::move(owner));
    }

    awaitable<bool> follow_catch_all(std::size_t i, const storage::domain& domain) {
        if (!domain.catch_all.empty()) {
            add(domain.catch_all, i);
            co_return true;
        }
        storage::mail_address name = "catchall@" + domain.name;
        co_return co_await follow_entry(i, std::move(name));
    }

    awaitable<void> reach(std::size_t i, const storage::account& account) {
        if (!reached_.insert(account.name).second) {
            note_loop(i, account.name);
            co_return;
        }
        steps_[i].account = account.name;
        if (!account.active) {
            refuse(i, recipient_verdict::account_disabled);
            co_return;
        }
        for (const auto& target : account.forwards)
            if (target != account.name) add(target, i);
        if (!account.forwards.empty() && !account.keep_copy && !is_own_target(account)) co_return;
        if (account.quota_octets != 0) {
            const auto used = co_await lookup_.usage(account.id);
            if (used.octets >= account.quota_octets ||
                octets_ > account.quota_octets - used.octets) {
                refuse(i, recipient_verdict::over_quota);
                co_return;
            }
        }
        route_.local.push_back(account);
    }

    /// A forward to the account itself is how some people say "and keep a copy".
    static bool is_own_target(const storage::account& account) {
        for (const auto& target : account.forwards)
            if (target == account.name) return true;
        return false;
    }

    /// An account that is reached again is a loop when it led here itself, by whatever name.
    void note_loop(std::size_t i, const storage::mail_address& name) {
        for (auto at = steps_[i].parent; at != no_parent; at = steps_[at].parent)
            if (steps_[at].account == name) route_.is_loop_cut = true;
    }

    route_lookup& lookup_;
    const std::uint64_t octets_;
    const routing_settings& settings_;
    std::vector<step> steps_;
    std::unordered_set<storage::mail_address> seen_;
    std::unordered_set<storage::mail_address> reached_;
    std::optional<recipient_verdict> first_refusal_;
    route route_;
};

}  // namespace

awaitable<route> find_route(route_lookup& lookup,
                            storage::mail_address recipient,
                            std::uint64_t octets,
                            const routing_settings& settings) {
    walk to_targets(lookup, octets, settings);
    co_return co_await to_targets.run(std::move(recipient));
}

storage::mail_address canonical_address(const smtp::mailbox_address& address) {
    if (address.domain.empty()) return {};
    const auto domain =
        address.domain.front() == '[' ? address.domain : smtp::to_u_labels(address.domain);
    return message::canonical_name(address.local_part + '@' + domain).value_or("");
}

awaitable<storage::directory_entry> directory_lookup::find_address(storage::mail_address name) {
    co_return co_await directory_.find_address(std::move(name));
}

awaitable<std::optional<storage::domain>> directory_lookup::find_domain(std::string name) {
    co_return co_await directory_.find_domain(std::move(name));
}

awaitable<std::optional<storage::account>> directory_lookup::first_account(std::string domain) {
    if (const auto known = recall(domain)) {
        if (known->empty()) co_return std::nullopt;
        auto entry = co_await directory_.find_address(*known);
        if (auto* account = std::get_if<storage::account>(&entry)) co_return std::move(*account);
    }
    const auto name = co_await walk_to_first(domain);
    remember(domain, name);
    if (name.empty()) co_return std::nullopt;
    auto entry = co_await directory_.find_address(name);
    if (auto* account = std::get_if<storage::account>(&entry)) co_return std::move(*account);
    co_return std::nullopt;
}

/// Page by page, and others have their turn between two pages.
awaitable<storage::mail_address> directory_lookup::walk_to_first(std::string domain) {
    constexpr std::size_t page = 200;
    std::string after;
    for (;;) {
        const auto accounts = co_await directory_.list_accounts(after, page);
        for (const auto& account : accounts)
            if (domain_of(account.name) == domain) co_return account.name;
        if (accounts.size() < page) co_return storage::mail_address();
        after = accounts.back().name;
        co_await asio::post(asio::use_awaitable);
    }
}

awaitable<std::string> directory_lookup::first_domain() {
    if (auto known = recall("")) co_return std::move(*known);
    const auto domains = co_await directory_.list_domains();
    std::string name;
    if (!domains.empty()) name = domains.front().name;
    remember("", name);
    co_return name;
}

std::optional<std::string> directory_lookup::recall(const std::string& domain) {
    const std::lock_guard lock(mutex_);
    const auto known = first_.find(domain);
    if (known == first_.end() || known->second.until <= now_()) return std::nullopt;
    return known->second.name;
}

void directory_lookup::remember(const std::string& domain, std::string name) {
    const std::lock_guard lock(mutex_);
    if (first_.size() >= max_remembered) first_.clear();
    first_[domain] = {now_() + memory_age, std::move(name)};
}

awaitable<storage::account_usage> directory_lookup::usage(account_id id) {
    co_return co_await directory_.usage(id);
}

}  // namespace hauspost::delivery
