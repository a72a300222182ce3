#include "admin/targets.hpp"

#include "admin/names.hpp"
#include "base/address.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

namespace hauspost::admin {

bool is_catchall_name(const std::string& address) {
    return address.starts_with("catchall@");
}

awaitable<void> judge_target(ports& at, std::string target, target_doubts& found) {
    const auto domain = co_await at.directory.find_domain(std::string(address::domain_of(target)));
    if (!domain) {
        found.outside.push_back(std::move(target));
        found.must_wait = !at.sends_mail;
        co_return;
    }
    if (!domain->catch_all.empty()) co_return;
    auto entry = co_await at.directory.find_address(target);
    const auto plus = address::local_part_of(target).find('+');
    if (std::holds_alternative<std::monostate>(entry) && plus != std::string_view::npos &&
        plus != 0)
        entry = co_await at.directory.find_address(target.substr(0, plus) + '@' + domain->name);
    if (std::holds_alternative<std::monostate>(entry)) found.missing.push_back(std::move(target));
}

awaitable<outcome<target_list>> check_targets(ports& at,
                                              std::string source,
                                              std::vector<std::string> typed) {
    target_list list;
    if (typed.empty()) co_return refuse(refusal_code::no_targets, source);
    if (typed.size() > max_targets)
        co_return refuse_number(refusal_code::too_many_targets, max_targets);
    for (const auto& one : typed) {
        auto address = parse_address(one);
        if (!address) co_return address.error();
        if (*address == source) co_return refuse(refusal_code::own_target, source);
        if (std::find(list.addresses.begin(), list.addresses.end(), *address) !=
            list.addresses.end())
            continue;
        co_await judge_target(at, *address, list.doubts);
        list.addresses.push_back(std::move(*address));
    }
    co_return list;
}

}  // namespace hauspost::admin
