#include "admin/domains.hpp"

#include "admin/dns_watch.hpp"
#include "admin/names.hpp"
#include "base/address.hpp"
#include "storage/errc.hpp"

#include <chrono>
#include <utility>
#include <variant>

namespace hauspost::admin {
namespace {

awaitable<outcome<storage::domain>> find_domain(ports& at, std::string typed) {
    const auto name = parse_domain_name(typed);
    if (!name) co_return name.error();
    auto found = co_await at.directory.find_domain(*name);
    if (!found) co_return refuse(refusal_code::no_such_domain, *name);
    co_return std::move(*found);
}

std::string catchall_name(const storage::domain& of) {
    return "catchall@" + of.name;
}

}  // namespace

awaitable<outcome<made_domain>> add_domain(ports& at, std::string typed) {
    auto name = parse_domain_name(typed);
    if (!name) co_return name.error();
    storage::domain domain;
    domain.name = *name;
    domain.created_at =
        std::chrono::duration_cast<std::chrono::seconds>(at.time.now().time_since_epoch()).count();
    const auto ec = co_await at.directory.add_domain(std::move(domain));
    if (ec == storage::errc::already_exists) co_return refuse(refusal_code::domain_exists, *name);
    if (ec) co_return refusal_of(ec, *name);
    made_domain made;
    made.name = *name;
    const auto failed = co_await at.keys.ensure(std::move(*name));
    made.lacks_keys = failed.failed();
    co_return made;
}

awaitable<outcome<closed_name>> remove_domain(ports& at, std::string typed) {
    const auto found = co_await find_domain(at, std::move(typed));
    if (!found) co_return found.error();
    if (const auto ec = co_await at.directory.remove_domain(found->name))
        co_return refusal_of(ec, found->name);
    at.dns->forget(found->name);
    closed_name done;
    done.name = found->name;
    done.reached_from = co_await find_references(at, found->name);
    co_return done;
}

awaitable<page<storage::domain>> list_domains(ports& at, std::string filter) {
    const text_filter wanted(filter);
    page_maker<storage::domain> page;
    auto found = co_await at.directory.list_domains();
    for (auto& one : found) {
        if (one.catch_all.empty()) {
            // Routing takes an account or alias of this name for it.
            auto by_name = catchall_name(one);
            const auto entry = co_await at.directory.find_address(by_name);
            if (!std::holds_alternative<std::monostate>(entry)) one.catch_all = std::move(by_name);
        }
        if (wanted.wants({one.name, one.catch_all})) page.add(std::move(one), 0);
    }
    co_return page.take({});
}

awaitable<outcome<catchall_setting>> set_catchall(ports& at,
                                                  std::string typed,
                                                  std::string target) {
    auto domain = co_await find_domain(at, std::move(typed));
    if (!domain) co_return domain.error();
    const auto address = parse_address(target);
    if (!address) co_return address.error();
    const bool same_domain = address::domain_of(*address) == domain->name;
    const auto entry = co_await at.directory.find_address(*address);
    // Within the domain it would fall into the catch-all again, for ever.
    if (same_domain && std::holds_alternative<std::monostate>(entry))
        co_return refuse(refusal_code::no_catch_all_there, *address, domain->name);
    catchall_setting done;
    done.domain = domain->name;
    done.target = *address;
    if (!same_domain) co_await judge_target(at, *address, done.doubts);
    const auto named_account = co_await at.directory.find_address(catchall_name(*domain));
    done.overrides_account = std::holds_alternative<storage::account>(named_account) &&
                             *address != catchall_name(*domain);
    if (const auto ec = co_await at.directory.set_catch_all(*domain, *address))
        co_return refusal_of(ec, domain->name);
    co_return done;
}

awaitable<outcome<std::string>> clear_catchall(ports& at, std::string typed) {
    auto domain = co_await find_domain(at, std::move(typed));
    if (!domain) co_return domain.error();
    if (const auto ec = co_await at.directory.set_catch_all(*domain, ""))
        co_return refusal_of(ec, domain->name);
    co_return std::move(domain->name);
}

}  // namespace hauspost::admin
