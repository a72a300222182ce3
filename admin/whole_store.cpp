#include "admin/whole_store.hpp"

#include "admin/names.hpp"

#include <utility>
#include <variant>

namespace hauspost::admin {

awaitable<outcome<storage::check_report>> check_store(ports& at) {
    auto report = co_await at.store.check();
    if (!report) co_return refuse(refusal_code::check_running);
    co_return std::move(*report);
}

awaitable<std::optional<refusal>> tell_put_back(ports& at) {
    const bool done = co_await at.store.tell_put_back();
    if (!done) co_return refuse(refusal_code::check_running);
    co_return std::nullopt;
}

awaitable<outcome<index_figures>> show_index(ports& at) {
    if (at.index == nullptr) co_return refuse(refusal_code::index_off);
    auto figures = co_await at.index->look();
    if (!figures) co_return refuse(refusal_code::busy);
    co_return *figures;
}

awaitable<std::optional<refusal>> rebuild_index(ports& at, std::string typed) {
    if (at.index == nullptr) co_return refuse(refusal_code::index_off);
    if (typed.empty()) {
        at.index->rebuild(std::nullopt);
        co_return std::nullopt;
    }
    const auto address = parse_address(typed);
    if (!address) co_return address.error();
    const auto entry = co_await at.directory.find_address(*address);
    const auto* account = std::get_if<storage::account>(&entry);
    if (account == nullptr) co_return refuse(refusal_code::no_such_account, *address);
    at.index->rebuild(account->id);
    co_return std::nullopt;
}

}  // namespace hauspost::admin
