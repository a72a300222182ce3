#include "admin/accounts.hpp"

#include "admin/aliases.hpp"
#include "admin/list_page.hpp"
#include "admin/names.hpp"
#include "admin/references.hpp"
#include "base/address.hpp"
#include "base/ascii.hpp"
#include "base/utf8.hpp"
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
    if (given) {
        secret password = *given;
        auto of = address;
        if (auto fault = co_await house.passwords.find_fault(std::move(password), std::move(of)))
            co_return refuse(std::move(*fault));
    }
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
    object["display"] = address::shown(one.name);
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

/// Changes an account and answers with its address.
awaitable<answer> change(ports& house, storage::account of, storage::account_change wanted) {
    if (const auto ec = co_await house.directory.change_account(of.id, std::move(wanted)))
        co_return explain(ec, of.name);
    json::object done;
    done["address"] = of.name;
    co_return done;
}

/// Display name or note: they are shown on terminals and pages.
std::optional<refusal> find_fault(const std::string& text) {
    if (text.size() > max_text_octets)
        return refuse("Display name and note may be 200 octets long at most.");
    if (std::any_of(text.begin(), text.end(), ascii::is_control) || !utf8::is_valid(text))
        return refuse("Display name and note are one line of text, without control characters.");
    return std::nullopt;
}

/// About how much one account takes in a list.
std::size_t octets_of(const storage::account& one) {
    std::size_t octets = 512 + one.note.size() + one.display_name.size();
    for (const auto& target : one.forwards)
        octets += target.size() + 4;
    return octets;
}

std::string joined(const std::vector<std::string>& all) {
    std::string text;
    for (const auto& one : all)
        text += one + "\n";
    return text;
}

}  // namespace

std::string catchall_warning(const std::string& address) {
    if (!address.starts_with("catchall@")) return {};
    return address::shown(address) +
           " gets all mail of its domain that is addressed to nobody else, as a catch-all does: "
           "choose another name if you do not want that.";
}

awaitable<outcome<storage::account>> find_account(ports& house, std::string typed) {
    const auto address = parse_address(typed);
    if (!address) co_return address.error();
    auto entry = co_await house.directory.find_address(*address);
    if (auto* account = std::get_if<storage::account>(&entry)) co_return std::move(*account);
    if (std::holds_alternative<storage::alias>(entry))
        co_return refuse(address::shown(*address) + " is an alias, not an account.");
    co_return refuse("There is no account " + address::shown(*address) +
                     ": `account list` shows all.");
}

awaitable<answer> add_account(ports& house, new_account wanted) {
    const auto address = parse_address(wanted.address);
    if (!address) co_return address.error();
    if (auto fault = find_fault(wanted.display_name)) co_return std::move(*fault);
    if (auto fault = find_fault(wanted.note)) co_return std::move(*fault);
    // Asked before the hash, which takes time; the store asks again.
    const auto entry = co_await house.directory.find_address(*address);
    if (!std::holds_alternative<std::monostate>(entry))
        co_return explain(fail(storage::errc::already_exists), *address);
    if (!co_await house.directory.find_domain(std::string(address::domain_of(*address))))
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
    if (auto warning = catchall_warning(*address); !warning.empty())
        done["warning"] = std::move(warning);
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
        done["warning"] = "Mail still goes on to " + address::shown(found->name) +
                          " from: " + listed(left) +
                          ". What has no other target is refused from now on.";
    co_return done;
}

awaitable<answer> rename_account(ports& house, std::string from, std::string to, bool keep_alias) {
    const auto found = co_await find_account(house, std::move(from));
    if (!found) co_return found.error();
    const auto address = parse_address(to);
    if (!address) co_return address.error();
    if (*address == found->name)
        co_return refuse(address::shown(*address) + " is the account's address already.");
    const auto changed = co_await house.directory.rename_account(found->name, *address, keep_alias);
    if (!changed)
        co_return explain(changed.error(), changed.error() == storage::errc::no_such_account
                                               ? found->name
                                               : *address);
    json::object done;
    done["address"] = *address;
    done["old_address"] = found->name;
    done["kept_as_alias"] = keep_alias;
    done["changed_targets"] = *changed;
    if (auto warning = catchall_warning(*address); !warning.empty())
        done["warning"] = std::move(warning);
    co_return done;
}

awaitable<answer> purge_expunged(ports& house, std::string typed) {
    const auto address = parse_address(typed);
    if (!address) co_return address.error();
    const auto entry = co_await house.directory.find_address(*address);
    const auto kept = co_await house.expunged.expunged(*address);
    if (!std::holds_alternative<storage::account>(entry) && kept.messages == 0)
        co_return refuse("There is no account " + address::shown(*address) +
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
    storage::account_change wanted;
    wanted.password_hash = std::move(made->hash);
    auto saved = co_await change(house, std::move(*found), std::move(wanted));
    if (saved && !made->told.empty()) (*saved)["password"] = made->told;
    co_return saved;
}

awaitable<answer> set_about(ports& house, std::string address, about_account wanted) {
    if (wanted.display_name)
        if (auto fault = find_fault(*wanted.display_name)) co_return std::move(*fault);
    if (wanted.note)
        if (auto fault = find_fault(*wanted.note)) co_return std::move(*fault);
    auto found = co_await find_account(house, std::move(address));
    if (!found) co_return found.error();
    storage::account_change row;
    row.display_name = std::move(wanted.display_name);
    row.note = std::move(wanted.note);
    row.quota_octets = wanted.quota_octets;
    co_return co_await change(house, std::move(*found), std::move(row));
}

awaitable<answer> set_active(ports& house, std::string address, bool active) {
    auto found = co_await find_account(house, std::move(address));
    if (!found) co_return found.error();
    storage::account_change wanted;
    wanted.active = active;
    const auto name = found->name;
    auto saved = co_await change(house, std::move(*found), std::move(wanted));
    if (!saved || active) co_return saved;
    const auto left = co_await find_references(house, name);
    if (!left.empty())
        (*saved)["warning"] = "Mail still goes on to " + address::shown(name) +
                              " from: " + listed(left) +
                              ". It gets none of it, and what has no other target is refused.";
    co_return saved;
}

awaitable<answer> list_accounts(ports& house, std::string after, std::string filter) {
    list_page page(filter);
    const auto found = co_await house.directory.list_accounts(std::move(after), max_page);
    std::string next = found.size() == max_page ? found.back().name : "";
    for (const auto& one : found) {
        if (!page.wants({one.name, one.display_name, one.note})) continue;
        const auto used = co_await house.directory.usage(one.id);
        page.add(to_json(one, used), octets_of(one));
        if (!page.is_full()) continue;
        next = one.name;
        break;
    }
    co_return page.take("accounts", next);
}

awaitable<answer> show_account(ports& house, std::string address) {
    const auto found = co_await find_account(house, std::move(address));
    if (!found) co_return found.error();
    const auto used = co_await house.directory.usage(found->id);
    auto shown = to_json(*found, used);
    const auto from = co_await find_references(house, found->name);
    shown["reached_from"] = json::array(from.begin(), from.end());
    co_return shown;
}

awaitable<answer> list_forwards(ports& house, std::string after, std::string filter) {
    list_page page(filter);
    const auto found = co_await house.directory.list_accounts(std::move(after), max_page);
    std::string next = found.size() == max_page ? found.back().name : "";
    for (const auto& one : found) {
        if (one.forwards.empty() || !page.wants_any_line(one.name + "\n" + joined(one.forwards)))
            continue;
        json::object object;
        object["address"] = one.name;
        object["display"] = address::shown(one.name);
        object["forwards"] = json::array(one.forwards.begin(), one.forwards.end());
        object["keep_copy"] = one.keep_copy;
        page.add(std::move(object), octets_of(one));
        if (!page.is_full()) continue;
        next = one.name;
        break;
    }
    co_return page.take("forwards", next);
}

awaitable<answer> set_forward(ports& house,
                              std::string address,
                              std::vector<std::string> targets,
                              bool keep_copy) {
    auto found = co_await find_account(house, std::move(address));
    if (!found) co_return found.error();
    auto checked = co_await check_targets(house, found->name, std::move(targets));
    if (!checked) co_return checked.error();
    storage::account_change wanted;
    wanted.forwards = std::move(checked->addresses);
    wanted.keep_copy = keep_copy;
    auto saved = co_await change(house, std::move(*found), std::move(wanted));
    if (saved && !checked->warning.empty()) (*saved)["warning"] = checked->warning;
    co_return saved;
}

awaitable<answer> clear_forward(ports& house, std::string address) {
    auto found = co_await find_account(house, std::move(address));
    if (!found) co_return found.error();
    storage::account_change wanted;
    wanted.forwards.emplace();
    wanted.keep_copy = true;
    co_return co_await change(house, std::move(*found), std::move(wanted));
}

}  // namespace hauspost::admin
