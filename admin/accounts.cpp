#include "admin/accounts.hpp"

#include "admin/forwards.hpp"
#include "admin/names.hpp"
#include "base/address.hpp"
#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "storage/errc.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

namespace hauspost::admin {
namespace {

/// Pages of the directory that one page of a search may read: some 20 ms.
constexpr std::size_t pages_of_a_search = 20;

std::int64_t unix_now(const clock& time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time.now().time_since_epoch()).count();
}

/// A checked or generated password, hashed.
struct made_password {
    made_password() = default;
    std::string hash;
    secret generated;  // empty: it was given
};

awaitable<outcome<made_password>> make_password(ports& at,
                                                std::string address,
                                                std::optional<secret> given) {
    if (given) {
        secret password = *given;
        auto of = address;
        auto faults = co_await at.passwords.find_faults(std::move(password), std::move(of));
        if (!faults) co_return refuse(refusal_code::logins_busy);
        if (!faults->empty()) {
            auto refused = refuse(refusal_code::password_refused);
            refused.password_faults = std::move(*faults);
            refused.rules = at.passwords.rules();
            co_return refused;
        }
    }
    made_password made;
    secret password = given ? std::move(*given) : at.passwords.generate(address);
    if (!given) made.generated = password;
    auto hash = co_await at.passwords.hash(std::move(password));
    if (!hash) co_return refuse(refusal_code::logins_busy);
    made.hash = std::move(*hash);
    co_return made;
}

/// Finds an account by what was typed.
awaitable<outcome<storage::account>> find_account(ports& at, std::string typed) {
    const auto address = parse_address(typed);
    if (!address) co_return address.error();
    auto entry = co_await at.directory.find_address(*address);
    if (auto* account = std::get_if<storage::account>(&entry)) co_return std::move(*account);
    if (std::holds_alternative<storage::alias>(entry))
        co_return refuse(refusal_code::is_alias, *address);
    co_return refuse(refusal_code::no_such_account, *address);
}

/// Changes an account as it was read and gives its address. Refuses when somebody else has set one
/// of the same fields meanwhile; other fields may have changed.
awaitable<outcome<std::string>> change(ports& at,
                                       storage::account of,
                                       storage::account_change wanted) {
    wanted.seen = of;
    if (const auto ec = co_await at.directory.change_account(of.id, std::move(wanted)))
        co_return refusal_of(ec, of.name);
    co_return std::move(of.name);
}

/// Display name or note: they are shown on terminals and pages.
std::optional<refusal> find_fault(const std::string& text) {
    if (text.size() > max_text_octets)
        return refuse_number(refusal_code::text_too_long, max_text_octets);
    if (std::any_of(text.begin(), text.end(), ascii::is_control) || !utf8::is_valid(text))
        return refuse(refusal_code::text_not_one_line);
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

awaitable<outcome<made_login>> add_account(ports& at, new_account wanted) {
    const auto address = parse_address(wanted.address);
    if (!address) co_return address.error();
    if (auto fault = find_fault(wanted.display_name)) co_return std::move(*fault);
    if (auto fault = find_fault(wanted.note)) co_return std::move(*fault);
    // Asked before the hash, which takes time; the store asks again.
    const auto entry = co_await at.directory.find_address(*address);
    if (!std::holds_alternative<std::monostate>(entry))
        co_return refuse(refusal_code::address_taken, *address);
    if (!co_await at.directory.find_domain(std::string(address::domain_of(*address))))
        co_return refuse(refusal_code::domain_not_here, *address);
    auto made = co_await make_password(at, *address, std::move(wanted.password));
    if (!made) co_return made.error();
    storage::account account;
    account.name = *address;
    account.display_name = std::move(wanted.display_name);
    account.note = std::move(wanted.note);
    account.password_hash = std::move(made->hash);
    account.quota_octets = wanted.quota_octets.value_or(at.default_quota_octets);
    account.created_at = unix_now(at.time);
    account.forwards = std::move(wanted.forwards);
    account.keep_copy = wanted.keep_copy;
    account.files_sent = wanted.files_sent.value_or(at.files_sent);
    const auto id = co_await at.directory.add_account(std::move(account));
    if (!id) co_return refusal_of(id.error(), *address);
    made_login done;
    done.address = *address;
    done.generated = std::move(made->generated);
    done.is_catchall = is_catchall_name(*address);
    co_return done;
}

awaitable<outcome<closed_name>> remove_account(ports& at, std::string address) {
    const auto found = co_await find_account(at, std::move(address));
    if (!found) co_return found.error();
    if (const auto ec = co_await at.directory.remove_account(found->id))
        co_return refusal_of(ec, found->name);
    closed_name done;
    done.name = found->name;
    done.reached_from = co_await find_references(at, found->name);
    co_return done;
}

awaitable<outcome<renamed_account>> rename_account(ports& at,
                                                   std::string from,
                                                   std::string to,
                                                   bool keep_alias) {
    const auto found = co_await find_account(at, std::move(from));
    if (!found) co_return found.error();
    const auto address = parse_address(to);
    if (!address) co_return address.error();
    if (*address == found->name) co_return refuse(refusal_code::same_address, *address);
    const auto changed = co_await at.directory.rename_account(found->name, *address, keep_alias);
    if (!changed)
        co_return refusal_of(changed.error(), changed.error() == storage::errc::no_such_account
                                                  ? found->name
                                                  : *address);
    renamed_account done;
    done.address = *address;
    done.old_address = found->name;
    done.kept_as_alias = keep_alias;
    done.changed_targets = *changed;
    done.is_catchall = is_catchall_name(*address);
    co_return done;
}

awaitable<outcome<purged_mail>> purge_expunged(ports& at, std::string typed) {
    const auto address = parse_address(typed);
    if (!address) co_return address.error();
    const auto entry = co_await at.directory.find_address(*address);
    const auto kept = co_await at.expunged.expunged(*address);
    if (!std::holds_alternative<storage::account>(entry) && kept.messages == 0)
        co_return refuse(refusal_code::nothing_to_purge, *address);
    const auto purged = co_await at.expunged.purge(*address);
    if (!purged) co_return refusal_of(purged.error(), *address);
    purged_mail done;
    done.address = *address;
    done.messages = *purged;
    co_return done;
}

awaitable<outcome<mail_brought_back>> restore_expunged(
    ports& at, std::string typed, std::optional<std::uint64_t> within_seconds) {
    const auto address = parse_address(typed);
    if (!address) co_return address.error();
    constexpr std::uint64_t all_that_is_kept = 1ull << 40;
    const std::chrono::seconds within(
        std::min(within_seconds.value_or(all_that_is_kept), all_that_is_kept));
    const auto back = co_await at.expunged.restore(*address, within);
    if (!back) co_return refusal_of(back.error(), *address);
    mail_brought_back done;
    done.address = *address;
    done.mail = *back;
    co_return done;
}

awaitable<outcome<made_login>> set_password(ports& at,
                                            std::string address,
                                            std::optional<secret> password) {
    auto found = co_await find_account(at, std::move(address));
    if (!found) co_return found.error();
    auto made = co_await make_password(at, found->name, std::move(password));
    if (!made) co_return made.error();
    storage::account_change wanted;
    wanted.password_hash = std::move(made->hash);
    const auto saved = co_await change(at, std::move(*found), std::move(wanted));
    if (!saved) co_return saved.error();
    made_login done;
    done.address = *saved;
    done.generated = std::move(made->generated);
    co_return done;
}

awaitable<outcome<std::string>> set_about(ports& at, std::string address, about_account wanted) {
    if (wanted.display_name)
        if (auto fault = find_fault(*wanted.display_name)) co_return std::move(*fault);
    if (wanted.note)
        if (auto fault = find_fault(*wanted.note)) co_return std::move(*fault);
    auto found = co_await find_account(at, std::move(address));
    if (!found) co_return found.error();
    storage::account_change row;
    row.display_name = std::move(wanted.display_name);
    row.note = std::move(wanted.note);
    row.quota_octets = wanted.quota_octets;
    row.files_sent = wanted.files_sent;
    co_return co_await change(at, std::move(*found), std::move(row));
}

awaitable<outcome<closed_name>> set_active(ports& at, std::string address, bool active) {
    auto found = co_await find_account(at, std::move(address));
    if (!found) co_return found.error();
    storage::account_change wanted;
    wanted.active = active;
    const auto saved = co_await change(at, std::move(*found), std::move(wanted));
    if (!saved) co_return saved.error();
    closed_name done;
    done.name = *saved;
    if (!active) done.reached_from = co_await find_references(at, *saved);
    co_return done;
}

awaitable<outcome<std::string>> freeze_sending(ports& at, std::string address) {
    auto found = co_await find_account(at, std::move(address));
    if (!found) co_return found.error();
    const auto ec = co_await at.senders.freeze(found->id, storage::freeze_reason::by_operator);
    if (ec) co_return refusal_of(ec, found->name);
    co_return std::move(found->name);
}

awaitable<outcome<unfrozen_account>> unfreeze_sending(ports& at, std::string address) {
    auto found = co_await find_account(at, std::move(address));
    if (!found) co_return found.error();
    const auto released = co_await at.senders.unfreeze(found->id);
    if (!released) co_return refusal_of(released.error(), found->name);
    unfrozen_account done;
    done.address = std::move(found->name);
    done.released = *released;
    co_return done;
}

awaitable<page<listed_account>> list_accounts(ports& at, std::string after, std::string filter) {
    const text_filter wanted(filter);
    std::vector<storage::account> fitting;
    std::vector<account_id> ids;
    std::string next = std::move(after);
    // Where nothing fits the search goes on, so that who asks has not to come again for each page.
    for (std::size_t looked = 0; looked < pages_of_a_search; ++looked) {
        auto from = next;
        auto found = co_await at.directory.list_accounts(std::move(from), max_page);
        next = found.size() == max_page ? found.back().name : "";
        for (auto& one : found) {
            if (!wanted.wants({one.name, one.display_name, one.note})) continue;
            ids.push_back(one.id);
            fitting.push_back(std::move(one));
        }
        if (!fitting.empty() || next.empty()) break;
    }
    auto same = ids;
    const auto used = co_await at.directory.usages(std::move(ids));
    const auto last = co_await at.sign_ins.latest(std::move(same));
    page_maker<listed_account> page;
    for (std::size_t n = 0; n < fitting.size(); ++n) {
        auto& one = fitting[n];
        const auto octets = octets_of(one);
        listed_account entry;
        if (const auto seen = last.find(one.id); seen != last.end()) entry.last = seen->second;
        entry.account = std::move(one);
        entry.used = used.at(n);
        page.add(std::move(entry), octets);
        if (!page.is_full()) continue;
        // The last one that was asked for, or somebody before it.
        if (n + 1 < fitting.size()) next = page.last().account.name;
        break;
    }
    co_return page.take(std::move(next));
}

awaitable<outcome<shown_account>> show_account(ports& at, std::string address) {
    auto found = co_await find_account(at, std::move(address));
    if (!found) co_return found.error();
    shown_account shown;
    std::vector<account_id> ids{found->id};
    shown.account.used = (co_await at.directory.usages(std::move(ids))).front();
    shown.reached_from = co_await find_references(at, found->name);
    std::vector<storage::mail_address> nobody;
    shown.sending = co_await at.senders.find(found->id, std::move(nobody));
    shown.suspended = co_await suspended_targets(at, found->name);
    shown.sign_ins = co_await at.sign_ins.find(found->id);
    if (!shown.sign_ins.empty()) shown.account.last = shown.sign_ins.front();
    shown.account.account = std::move(*found);
    co_return shown;
}

awaitable<page<storage::account>> list_forwards(ports& at, std::string after, std::string filter) {
    const text_filter wanted(filter);
    page_maker<storage::account> page;
    const auto found = co_await at.directory.list_accounts(std::move(after), max_page);
    std::string next = found.size() == max_page ? found.back().name : "";
    for (const auto& one : found) {
        if (one.forwards.empty() || !wanted.wants_any_line(one.name + "\n" + joined(one.forwards)))
            continue;
        page.add(one, octets_of(one));
        if (!page.is_full()) continue;
        next = one.name;
        break;
    }
    co_return page.take(std::move(next));
}

awaitable<outcome<led_on>> set_forward(ports& at,
                                       std::string address,
                                       std::vector<std::string> targets,
                                       bool keep_copy) {
    auto found = co_await find_account(at, std::move(address));
    if (!found) co_return found.error();
    auto checked = co_await check_targets(at, found->name, std::move(targets));
    if (!checked) co_return checked.error();
    storage::account_change wanted;
    wanted.forwards = std::move(checked->addresses);
    wanted.keep_copy = keep_copy;
    const auto saved = co_await change(at, std::move(*found), std::move(wanted));
    if (!saved) co_return saved.error();
    led_on done;
    done.address = *saved;
    done.doubts = std::move(checked->doubts);
    co_return done;
}

awaitable<outcome<std::string>> clear_forward(ports& at, std::string address) {
    auto found = co_await find_account(at, std::move(address));
    if (!found) co_return found.error();
    storage::account_change wanted;
    wanted.forwards.emplace();
    wanted.keep_copy = true;
    co_return co_await change(at, std::move(*found), std::move(wanted));
}

}  // namespace hauspost::admin
