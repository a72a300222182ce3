#include "admin/aliases.hpp"

#include "admin/accounts.hpp"
#include "admin/list_page.hpp"
#include "admin/names.hpp"
#include "admin/references.hpp"
#include "base/address.hpp"
#include "storage/errc.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <variant>

namespace hauspost::admin {
namespace {

/// Targets that the operator may not expect to be what they are.
struct doubts {
    std::vector<std::string> outside;  // of other servers
    std::vector<std::string> missing;  // nobody has that address

    [[nodiscard]] std::string in_words() const {
        std::string text;
        if (!missing.empty())
            text = "Nobody here has (yet): " + listed(missing) + ". Mail to it is refused.";
        if (!outside.empty())
            text += (text.empty() ? "" : " ") + ("At another server: " + listed(outside)) +
                    ". Mail is not sent to other servers yet: it waits, and `queue list` shows it.";
        return text;
    }
};

awaitable<void> judge(ports& house, std::string target, doubts& found) {
    const auto domain =
        co_await house.directory.find_domain(std::string(address::domain_of(target)));
    if (!domain) {
        found.outside.push_back(std::move(target));
        co_return;
    }
    if (!domain->catch_all.empty()) co_return;
    auto entry = co_await house.directory.find_address(target);
    const auto plus = target.find('+');
    if (std::holds_alternative<std::monostate>(entry) && plus < target.rfind('@') && plus != 0)
        entry = co_await house.directory.find_address(target.substr(0, plus) + '@' + domain->name);
    if (std::holds_alternative<std::monostate>(entry)) found.missing.push_back(std::move(target));
}

json::object named(const char* key, const std::string& name) {
    json::object object;
    object[key] = name;
    return object;
}

constexpr std::size_t max_queue_listed = 10'000;

json::object to_json(const storage::queue_item& item) {
    json::array recipients;
    for (const auto& one : item.recipients) {
        json::object object;
        object["to"] = one.to;
        object["attempts"] = one.attempts;
        recipients.push_back(std::move(object));
    }
    json::object object;
    object["id"] = item.id.value();
    object["from"] = item.reverse_path;
    object["recipients"] = std::move(recipients);
    object["octets"] = item.octets;
    object["created_at"] = item.created_at;
    object["due_at"] = item.due_at;
    object["held"] = item.held;
    return object;
}

refusal no_such_item(std::uint64_t id) {
    return refuse("No message with the number " + std::to_string(id) +
                  " waits: `queue list` shows all.");
}

refusal no_such_alias(const std::string& name) {
    return refuse("There is no alias " + address::shown(name) + ": `alias list` shows all.");
}

awaitable<outcome<storage::domain>> find_domain(ports& house, std::string typed) {
    const auto name = parse_domain_name(typed);
    if (!name) co_return name.error();
    auto found = co_await house.directory.find_domain(*name);
    if (!found)
        co_return refuse("There is no domain " + address::shown(*name) +
                         ": `domain list` shows all.");
    co_return std::move(*found);
}

/// The alias of that name, or one without targets when there is nothing yet.
awaitable<outcome<storage::alias>> find_alias(ports& house, std::string typed) {
    const auto name = parse_address(typed);
    if (!name) co_return name.error();
    auto entry = co_await house.directory.find_address(*name);
    if (std::holds_alternative<storage::account>(entry))
        co_return refuse(address::shown(*name) +
                         " is an account: use `forward set` to send its mail on.");
    storage::alias alias;
    if (auto* there = std::get_if<storage::alias>(&entry)) alias = std::move(*there);
    alias.name = *name;
    co_return alias;
}

}  // namespace

awaitable<outcome<target_list>> check_targets(ports& house,
                                              std::string source,
                                              std::vector<std::string> typed) {
    target_list list;
    doubts found;
    if (typed.empty()) co_return refuse("Name at least one address to send to.");
    if (typed.size() > max_targets)
        co_return explain(make_error_code(storage::errc::too_many_targets), source);
    for (const auto& one : typed) {
        auto address = parse_address(one);
        if (!address) co_return address.error();
        if (*address == source)
            co_return refuse(address::shown(source) + " cannot send to itself.");
        if (std::find(list.addresses.begin(), list.addresses.end(), *address) !=
            list.addresses.end())
            continue;
        co_await judge(house, *address, found);
        list.addresses.push_back(std::move(*address));
    }
    list.warning = found.in_words();
    co_return list;
}

awaitable<answer> add_alias(ports& house, std::string name, std::vector<std::string> targets) {
    auto alias = co_await find_alias(house, std::move(name));
    if (!alias) co_return alias.error();
    auto checked = co_await check_targets(house, alias->name, std::move(targets));
    if (!checked) co_return checked.error();
    alias->targets = std::move(checked->addresses);
    auto done = named("address", alias->name);
    auto warning = checked->warning;
    if (const auto more = catchall_warning(alias->name); !more.empty())
        warning += (warning.empty() ? "" : " ") + more;
    if (!warning.empty()) done["warning"] = warning;
    if (const auto ec = co_await house.directory.add_alias(*alias))
        co_return explain(ec, alias->name);
    co_return done;
}

awaitable<answer> remove_alias(ports& house, std::string name, std::vector<std::string> targets) {
    auto alias = co_await find_alias(house, std::move(name));
    if (!alias) co_return alias.error();
    if (alias->targets.empty()) co_return no_such_alias(alias->name);
    std::vector<std::string> out;
    for (const auto& one : targets) {
        const auto address = parse_address(one);
        if (!address) co_return address.error();
        if (std::find(alias->targets.begin(), alias->targets.end(), *address) ==
            alias->targets.end())
            co_return refuse(address::shown(alias->name) + " does not send to " +
                             address::shown(*address) + ".");
        out.push_back(*address);
    }
    auto done = named("address", alias->name);
    if (targets.empty()) {
        if (const auto ec = co_await house.directory.remove_alias(alias->name))
            co_return explain(ec, alias->name);
    } else {
        const auto others = co_await house.directory.remove_targets(alias->name, std::move(out));
        if (!others) co_return explain(others.error(), alias->name);
        if (!others->empty()) co_return done;
    }
    const auto left = co_await find_references(house, alias->name);
    if (!left.empty())
        done["warning"] = "Mail still goes on to " + address::shown(alias->name) +
                          " from: " + listed(left) +
                          ". What has no other target is refused from now on.";
    co_return done;
}

awaitable<answer> set_alias_enabled(ports& house, std::string name, bool enabled) {
    auto alias = co_await find_alias(house, std::move(name));
    if (!alias) co_return alias.error();
    if (alias->targets.empty()) co_return no_such_alias(alias->name);
    if (const auto ec = co_await house.directory.enable_alias(alias->name, enabled))
        co_return explain(ec, alias->name);
    co_return named("address", alias->name);
}

awaitable<answer> list_aliases(ports& house, std::string after, std::string filter) {
    list_page page(filter);
    const auto found = co_await house.directory.list_aliases(std::move(after), max_page);
    std::string next = found.size() == max_page ? found.back().name : "";
    for (const auto& one : found) {
        std::string texts = one.name;
        for (const auto& target : one.targets)
            texts += "\n" + target;
        if (!page.wants_any_line(texts)) continue;
        json::object object;
        object["address"] = one.name;
        object["display"] = address::shown(one.name);
        object["targets"] = json::array(one.targets.begin(), one.targets.end());
        object["enabled"] = one.enabled;
        page.add(std::move(object), texts.size() + 256);
        if (!page.is_full()) continue;
        next = one.name;
        break;
    }
    co_return page.take("aliases", next);
}

awaitable<answer> add_domain(ports& house, std::string typed) {
    const auto name = parse_domain_name(typed);
    if (!name) co_return name.error();
    storage::domain domain;
    domain.name = *name;
    domain.created_at =
        std::chrono::duration_cast<std::chrono::seconds>(house.time.now().time_since_epoch())
            .count();
    const auto ec = co_await house.directory.add_domain(std::move(domain));
    if (ec == storage::errc::already_exists)
        co_return refuse("The domain " + address::shown(*name) + " is already here.");
    if (ec) co_return explain(ec, *name);
    co_return named("name", *name);
}

awaitable<answer> remove_domain(ports& house, std::string typed) {
    const auto found = co_await find_domain(house, std::move(typed));
    if (!found) co_return found.error();
    if (const auto ec = co_await house.directory.remove_domain(found->name))
        co_return explain(ec, found->name);
    auto done = named("name", found->name);
    const auto left = co_await find_references(house, found->name);
    if (!left.empty())
        done["warning"] = "Mail still goes on to addresses of " + address::shown(found->name) +
                          " from: " + listed(left) +
                          ". They count as addresses of another server from now on.";
    co_return done;
}

awaitable<answer> list_domains(ports& house, std::string filter) {
    list_page page(filter);
    for (const auto& one : co_await house.directory.list_domains()) {
        auto catch_all = one.catch_all;
        if (catch_all.empty()) {
            // Routing takes an account or alias of this name for it.
            auto by_name = "catchall@" + one.name;
            const auto entry = co_await house.directory.find_address(by_name);
            if (!std::holds_alternative<std::monostate>(entry)) catch_all = std::move(by_name);
        }
        if (!page.wants({one.name, catch_all})) continue;
        json::object object;
        object["name"] = one.name;
        object["display"] = address::shown(one.name);
        object["catch_all"] = catch_all;
        object["created_at"] = one.created_at;
        page.add(std::move(object), 0);
    }
    co_return page.take("domains", "");
}

awaitable<answer> set_catchall(ports& house, std::string typed, std::string target) {
    auto domain = co_await find_domain(house, std::move(typed));
    if (!domain) co_return domain.error();
    const auto address = parse_address(target);
    if (!address) co_return address.error();
    const bool same_domain = address::domain_of(*address) == domain->name;
    const auto entry = co_await house.directory.find_address(*address);
    // Within the domain it would fall into the catch-all again, for ever.
    if (same_domain && std::holds_alternative<std::monostate>(entry))
        co_return refuse("There is no account or alias " + address::shown(*address) + " in " +
                         address::shown(domain->name) + ".");
    auto done = named("name", domain->name);
    done["catch_all"] = *address;
    doubts found;
    if (!same_domain) co_await judge(house, *address, found);
    auto warning = found.in_words();
    const auto named_account = co_await house.directory.find_address("catchall@" + domain->name);
    if (std::holds_alternative<storage::account>(named_account) &&
        *address != "catchall@" + domain->name)
        warning += (warning.empty() ? "" : " ") +
                   ("The account catchall@" + address::shown(domain->name)) +
                   " exists as well; the domain's setting wins over it.";
    if (!warning.empty()) done["warning"] = warning;
    if (const auto ec = co_await house.directory.set_catch_all(domain->name, *address))
        co_return explain(ec, domain->name);
    co_return done;
}

awaitable<answer> clear_catchall(ports& house, std::string typed) {
    auto domain = co_await find_domain(house, std::move(typed));
    if (!domain) co_return domain.error();
    if (const auto ec = co_await house.directory.set_catch_all(domain->name, ""))
        co_return explain(ec, domain->name);
    co_return named("name", domain->name);
}

awaitable<answer> list_queue(ports& house, std::string filter) {
    list_page page(filter);
    auto items = co_await house.queue.list(max_queue_listed + 1);
    bool has_more = items.size() > max_queue_listed;
    if (has_more) items.pop_back();
    std::size_t looked_at = 0;
    for (const auto& item : items) {
        if (page.is_full()) {
            has_more = true;
            break;
        }
        ++looked_at;
        std::string texts = item.reverse_path;
        for (const auto& one : item.recipients)
            texts += "\n" + one.to;
        if (page.wants_any_line(texts)) page.add(to_json(item), texts.size());
    }
    auto done = page.take("queue", "");
    if (has_more)
        done["warning"] = "More than " + std::to_string(looked_at) +
                          " messages wait; only those that are due next were looked at.";
    co_return done;
}

awaitable<answer> show_queued(ports& house, std::uint64_t id) {
    const auto item = co_await house.queue.find(queue_id(id));
    if (!item) co_return no_such_item(id);
    co_return to_json(*item);
}

awaitable<answer> remove_queued(ports& house, std::uint64_t id) {
    if (!co_await house.queue.find(queue_id(id))) co_return no_such_item(id);
    if (const auto ec = co_await house.queue.remove(queue_id(id)))
        co_return explain(ec, std::to_string(id));
    json::object done;
    done["id"] = id;
    co_return done;
}

}  // namespace hauspost::admin
