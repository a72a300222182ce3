#include "admin/settings.hpp"

#include "admin/page.hpp"
#include "base/ascii.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::admin {
namespace {

/// What a change begins from.
struct present_setting {
    present_setting() = default;
    known_setting known;
    std::uint64_t version = 0;  // of its row; 0: there is none
};

awaitable<outcome<present_setting>> find_setting(ports& at,
                                                 std::string typed,
                                                 std::optional<std::string> seen) {
    const std::string name(ascii::trimmed(typed));
    // The row before the value: another change in between is refused by the store.
    const auto rows = co_await at.settings.list();
    const auto all = at.book.list();
    const auto known =
        std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
    if (known == all.end()) co_return refuse(refusal_code::no_such_setting, name);
    if (known->from == known_setting::source::by_file) {
        auto fixed = refuse(refusal_code::setting_fixed, name);
        fixed.number = known->line;
        co_return fixed;
    }
    if (seen && *seen != known->value) co_return refuse(refusal_code::changed_meanwhile, name);
    present_setting found;
    found.known = *known;
    for (const auto& row : rows)
        if (row.name == name) found.version = row.version;
    co_return found;
}

/// Whatever came of the change: what stands in the store now goes into force.
awaitable<outcome<known_setting>> told(ports& at, std::string name, error_code failed) {
    auto rows = co_await at.settings.list();
    at.book.take_up(std::move(rows));
    if (failed) co_return refusal_of(failed, name);
    for (auto& one : at.book.list())
        if (one.name == name) co_return std::move(one);
    co_return refuse(refusal_code::no_such_setting, std::move(name));
}

}  // namespace

awaitable<std::vector<known_setting>> list_settings(ports& at, std::string filter) {
    const text_filter wanted(filter);
    auto all = at.book.list();
    std::erase_if(all, [&wanted](const auto& one) { return !wanted.wants({one.name}); });
    co_return all;
}

awaitable<outcome<known_setting>> set_setting(ports& at,
                                              std::string name,
                                              std::string typed,
                                              std::optional<std::string> seen) {
    const auto found = co_await find_setting(at, std::move(name), std::move(seen));
    if (!found) co_return found.error();
    const auto& known = found->known;
    const auto value = at.book.judge(known.name, typed);
    if (!value) co_return value.error();
    auto row_name = known.name;
    auto row_value = *value;
    const auto failed =
        co_await at.settings.put(std::move(row_name), std::move(row_value), found->version);
    co_return co_await told(at, known.name, failed);
}

awaitable<outcome<known_setting>> reset_setting(ports& at,
                                                std::string name,
                                                std::optional<std::string> seen) {
    const auto found = co_await find_setting(at, std::move(name), std::move(seen));
    if (!found) co_return found.error();
    const auto& known = found->known;
    error_code failed;
    if (found->version != 0) {
        auto row_name = known.name;
        failed = co_await at.settings.remove(std::move(row_name), found->version);
    }
    co_return co_await told(at, known.name, failed);
}

}  // namespace hauspost::admin
