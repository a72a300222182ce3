#include "admin/accounts.hpp"

#include "admin/aliases.hpp"
#include "admin/names.hpp"
#include "admin/references.hpp"
#include "storage/errc.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

namespace hauspost::admin {
namespace {

constexpr std::size_t max_text_octets = 200;  // display name, note

std::int64_t unix_now(const clock& time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time.now().time_since_epoch()).count();
}

/// A checked or generated password, hashed.
struct made_password {
    std::string hash;
    std::string told;  // empty unless generated
};

awaitable<outcome<made_password>> make_password(ports& house,
                                                std::string address,
                                                std::optional<secret> given) {
    if (given)
        if (auto fault = house.passwords.find_fault(*given, address))
            co_return refuse(std::move(*fault));
    made_password made;
    secret password = given ? std::move(*given) : house.passwords.generate(address);
    if (!given) made.told = password.reveal();
    auto hash = co_await house.passwords.hash(std::move(password));
    if (!hash) co_return refuse("The server is busy with logins: try again in a moment.");
    made.hash = std::move(*hash);
    co_return made;
}

json::object to_json(const storage::account& one, const storage::account_usage& used) {
    json::object object;
    object["address"] = one.name;
    object["display_name"] = one.display_name;
    object["active"] = one.active;
    object["has_password"] = !one.password_hash.empty();
    object["quota_octets"] = one.quota_octets;
    object["octets"] = used.octets;
    object["messages"] = used.messages;
    object["forwards"] = json::array(one.forwards.begin(), one.forwards.end());
    object["keep_copy"] = one.keep_copy;
    object["note"] = one.note;
    object["created_at"] = one.created_at;
    return object;
}

/// Writes a changed account back and answers with its address.
awaitable<answer> save(ports& house, storage::account changed) {
    json::object done;
    done["address"] = changed.name;
    const auto name = changed.name;
    if (const auto ec = co_await house.directory.update_account(std::move(changed)))
        co_return explain(ec, name);
    co_return done;
}

std::optional<refusal> find_fault(const new_account& wanted) {
    if (wanted.display_name.size() > max_text_octets || wanted.note.size() > max_text_octets)
        return refuse("Display name and note may be 200 octets long at most.");
    return std::nullopt;
}

}  // namespace

awaitable<outcome<storage::account>> find_account(ports& house, std::string typed) {
    const auto address = parse_address(typed);
    if (!address) co_return address.error();
    auto entry = co_await house.directory.find_address(*address);
    if (auto* account = std::get_if<storage::account>(&entry)) co_return std::move(*account);
    if (std::holds_alternative<storage::alias>(entry))
        co_return refuse(*address + " is an alias, not an account.");
    co_return refuse("There is no account " + *address + ": `account list` shows all.");
}

awaitable<answer> add_account(ports& house, new_account wanted) {
    const auto address = parse_address(wanted.address);
    if (!address) co_return address.error();
    if (auto fault = find_fault(wanted)) co_return std::move(*fault);
    // Asked before the hash, which takes time; the store asks again.
    const auto entry = co_await house.directory.find_address(*address);
    if (!std::holds_alternative<std::monostate>(entry))
        co_return explain(fail(storage::errc::already_exists), *address);
    if (!co_await house.directory.find_domain(domain_of(*address)))
        co_return explain(fail(storage::errc::no_such_domain), *address);
    auto made = co_await make_password(house, *address, std::move(wanted.password));
    if (!made) co_return made.error();
    storage::account account;
    account.name = *address;
    account.display_name = std::move(wanted.display_name);
    account.note = std::move(wanted.note);
    account.password_hash = std::move(made->hash);
    account.quota_octets = wanted.quota_octets.value_or(house.default_quota_octets);
    account.created_at = unix_now(house.time);
    const auto id = co_await house.directory.add_account(std::move(account));
    if (!id) co_return explain(id.error(), *address);
    json::object done;
    done["address"] = *address;
    if (!made->told.empty()) done["password"] = made->told;
    co_return done;
}

awaitable<answer> remove_account(ports& house, std::string address) {
    const auto found = co_await find_account(house, std::move(address));
    if (!found) co_return found.error();
    if (const auto ec = co_await house.directory.remove_account(found->id))
        co_return explain(ec, found->name);
    json::object done;
    done["address"] = found->name;
    const auto left = co_await find_references(house, found->name);
    if (!left.empty())
        done["warning"] = "Mail still goes on to " + found->name + " from: " + listed(left) +
                          ". What has no other target is refused from now on.";
    co_return done;
}

awaitable<answer> purge_expunged(ports& house, std::string typed) {
    const auto address = parse_address(typed);
    if (!address) co_return address.error();
    const auto entry = co_await house.directory.find_address(*address);
    const auto kept = co_await house.expunged.expunged(*address);
    if (!std::holds_alternative<storage::account>(entry) && kept.messages == 0)
        co_return refuse("There is no account " + *address +
                         ", and no deleted mail of a removed one is kept.");
    const auto purged = co_await house.expunged.purge(*address);
    if (!purged) co_return explain(purged.error(), *address);
    json::object done;
    done["address"] = *address;
    done["messages"] = *purged;
    co_return done;
}

awaitable<answer> restore_expunged(ports& house,
                                   std::string typed,
                                   std::optional<std::uint64_t> within_seconds) {
    const auto address = parse_address(typed);
    if (!address) co_return address.error();
    constexpr std::uint64_t all_that_is_kept = 1ull << 40;
    const std::chrono::seconds within(
        std::min(within_seconds.value_or(all_that_is_kept), all_that_is_kept));
    const auto back = co_await house.expunged.restore(*address, within);
    if (!back) co_return explain(back.error(), *address);
    json::object done;
    done["address"] = *address;
    done["messages"] = back->messages;
    done["left_over_quota"] = back->left_over_quota;
    co_return done;
}

awaitable<answer> set_password(ports& house, std::string address, std::optional<secret> password) {
    auto found = co_await find_account(house, std::move(address));
    if (!found) co_return found.error();
    auto made = co_await make_password(house, found->name, std::move(password));
    if (!made) co_return made.error();
    // Read again: the hash took its time, and others may have changed the account meanwhile.
    auto fresh = co_await house.directory.find_account(found->id);
    if (!fresh) co_return explain(fail(storage::errc::no_such_account), found->name);
    fresh->password_hash = std::move(made->hash);
    auto saved = co_await save(house, std::move(*fresh));
    if (saved && !made->told.empty()) (*saved)["password"] = made->told;
    co_return saved;
}

awaitable<answer> set_active(ports& house, std::string address, bool active) {
    auto found = co_await find_account(house, std::move(address));
    if (!found) co_return found.error();
    found->active = active;
    const auto name = found->name;
    auto saved = co_await save(house, std::move(*found));
    if (!saved || active) co_return saved;
    const auto left = co_await find_references(house, name);
    if (!left.empty())
        (*saved)["warning"] = "Mail still goes on to " + name + " from: " + listed(left) +
                              ". It gets none of it, and what has no other target is refused.";
    co_return saved;
}

awaitable<answer> list_accounts(ports& house, std::string after) {
    const auto page = co_await house.directory.list_accounts(std::move(after), max_page);
    json::array list;
    for (const auto& one : page) {
        const auto used = co_await house.directory.usage(one.id);
        list.push_back(to_json(one, used));
    }
    json::object done;
    done["accounts"] = std::move(list);
    if (page.size() == max_page) done["next"] = page.back().name;
    co_return done;
}

awaitable<answer> list_forwards(ports& house, std::string after) {
    const auto page = co_await house.directory.list_accounts(std::move(after), max_page);
    json::array list;
    for (const auto& one : page) {
        if (one.forwards.empty()) continue;
        json::object object;
        object["address"] = one.name;
        object["forwards"] = json::array(one.forwards.begin(), one.forwards.end());
        object["keep_copy"] = one.keep_copy;
        list.push_back(std::move(object));
    }
    json::object done;
    done["forwards"] = std::move(list);
    if (page.size() == max_page) done["next"] = page.back().name;
    co_return done;
}

awaitable<answer> set_forward(ports& house,
                              std::string address,
                              std::vector<std::string> targets,
                              bool keep_copy) {
    auto found = co_await find_account(house, std::move(address));
    if (!found) co_return found.error();
    auto checked = co_await check_targets(house, found->name, std::move(targets));
    if (!checked) co_return checked.error();
    found->forwards = std::move(checked->addresses);
    found->keep_copy = keep_copy;
    auto saved = co_await save(house, std::move(*found));
    if (saved && !checked->warning.empty()) (*saved)["warning"] = checked->warning;
    co_return saved;
}

awaitable<answer> clear_forward(ports& house, std::string address) {
    auto found = co_await find_account(house, std::move(address));
    if (!found) co_return found.error();
    found->forwards.clear();
    found->keep_copy = true;
    co_return co_await save(house, std::move(*found));
}

}  // namespace hauspost::admin
