#include "admin/aliases.hpp"

#include "admin/forwards.hpp"
#include "admin/names.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace hauspost::admin {
namespace {

/// The alias of that name, or one without targets when there is nothing yet.
awaitable<outcome<storage::alias>> find_alias(ports& at, std::string typed) {
    const auto name = parse_address(typed);
    if (!name) co_return name.error();
    auto entry = co_await at.directory.find_address(*name);
    if (std::holds_alternative<storage::account>(entry))
        co_return refuse(refusal_code::is_account, *name);
    storage::alias alias;
    if (auto* there = std::get_if<storage::alias>(&entry)) alias = std::move(*there);
    alias.name = *name;
    co_return alias;
}

}  // namespace

awaitable<outcome<led_on>> add_alias(ports& at,
                                     std::string name,
                                     std::vector<std::string> targets) {
    auto alias = co_await find_alias(at, std::move(name));
    if (!alias) co_return alias.error();
    auto checked = co_await check_targets(at, alias->name, std::move(targets));
    if (!checked) co_return checked.error();
    alias->targets = std::move(checked->addresses);
    if (const auto ec = co_await at.directory.add_alias(*alias))
        co_return refusal_of(ec, alias->name);
    led_on done;
    done.address = alias->name;
    done.doubts = std::move(checked->doubts);
    done.is_catchall = is_catchall_name(alias->name);
    co_return done;
}

awaitable<outcome<closed_name>> remove_alias(ports& at,
                                             std::string name,
                                             std::vector<std::string> targets) {
    auto alias = co_await find_alias(at, std::move(name));
    if (!alias) co_return alias.error();
    if (alias->targets.empty()) co_return refuse(refusal_code::no_such_alias, alias->name);
    std::vector<std::string> out;
    for (const auto& one : targets) {
        const auto address = parse_address(one);
        if (!address) co_return address.error();
        if (std::find(alias->targets.begin(), alias->targets.end(), *address) ==
            alias->targets.end())
            co_return refuse(refusal_code::not_a_target, alias->name, *address);
        out.push_back(*address);
    }
    closed_name done;
    done.name = alias->name;
    if (targets.empty()) {
        if (const auto ec = co_await at.directory.remove_alias(*alias))
            co_return refusal_of(ec, alias->name);
    } else {
        const auto others = co_await at.directory.remove_targets(alias->name, std::move(out));
        if (!others) co_return refusal_of(others.error(), alias->name);
        if (!others->empty()) co_return done;
    }
    done.reached_from = co_await find_references(at, alias->name);
    co_return done;
}

awaitable<outcome<std::string>> set_alias_enabled(ports& at, std::string name, bool enabled) {
    auto alias = co_await find_alias(at, std::move(name));
    if (!alias) co_return alias.error();
    if (alias->targets.empty()) co_return refuse(refusal_code::no_such_alias, alias->name);
    if (const auto ec = co_await at.directory.enable_alias(alias->name, enabled))
        co_return refusal_of(ec, alias->name);
    co_return std::move(alias->name);
}

awaitable<page<listed_alias>> list_aliases(ports& at, std::string after, std::string filter) {
    const text_filter wanted(filter);
    page_maker<listed_alias> page;
    const auto found = co_await at.directory.list_aliases(std::move(after), max_page);
    std::string next = found.size() == max_page ? found.back().name : "";
    for (const auto& one : found) {
        std::string texts = one.name;
        for (const auto& target : one.targets)
            texts += "\n" + target;
        if (!wanted.wants_any_line(texts)) continue;
        listed_alias entry;
        entry.alias = one;
        entry.suspended = co_await suspended_targets(at, one.name);
        page.add(std::move(entry), texts.size() + 256);
        if (!page.is_full()) continue;
        next = one.name;
        break;
    }
    co_return page.take(std::move(next));
}

}  // namespace hauspost::admin
