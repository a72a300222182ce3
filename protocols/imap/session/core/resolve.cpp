#include "protocols/imap/session/core/connection.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <span>
#include <utility>

/// From the names that a client uses to mailboxes, its own and those of others.
namespace hauspost::imap {
namespace {

constexpr std::size_t mailboxes_of_slice = 128;  // some 0.3 ms

static_assert(mail::rights::all == mail::rights::all);

visible_mailbox to_visible(storage::shared_mailbox shared) {
    visible_mailbox seen;
    seen.owner = shared.owner;
    seen.own_name = std::move(shared.info.name);
    seen.info = std::move(shared.info);
    seen.info.name = join_shared_name(shared.owner_address, seen.own_name);
    // RFC 6154 2: uses are a user's own; a client would put its Sent mail into somebody else's.
    seen.info.use = mail::special_use::none;
    seen.owner_address = std::move(shared.owner_address);
    seen.rights = shared.rights;
    return seen;
}

/// A name that is there only because something is below it.
visible_mailbox parent_of_shared(std::string name) {
    visible_mailbox parent;
    parent.info.selectable = false;
    parent.info.name = std::move(name);
    parent.rights = 0;
    return parent;
}

void add_parents(const std::string& name,
                 std::set<std::string>& known,
                 std::vector<visible_mailbox>& all) {
    for (auto slash = name.find('/'); slash != std::string::npos;
         slash = name.find('/', slash + 1)) {
        auto parent = name.substr(0, slash);
        if (known.insert(parent).second) all.push_back(parent_of_shared(std::move(parent)));
    }
}

}  // namespace

awaitable<result<visible_mailbox>> connection::resolve(std::string name) {
    if (!is_shared_name(name)) {
        auto info = co_await ports_.mail.find(user_.account, std::move(name));
        if (!info) co_return info.error();
        visible_mailbox own;
        own.owner = user_.account;
        own.info = std::move(*info);
        own.own_name = own.info.name;
        co_return std::move(own);
    }
    auto parts = split_shared_name(name);
    if (!parts) co_return make_error_code(storage::errc::no_such_mailbox);
    auto shared = co_await ports_.sharing.find_shared(user_.account, std::move(parts->owner),
                                                      std::move(parts->name));
    if (!shared) co_return shared.error();
    co_return to_visible(std::move(*shared));
}

awaitable<permitted> connection::permit(std::string name, std::uint32_t rights) {
    permitted outcome;
    auto found = co_await resolve(std::move(name));
    if (!found)
        outcome.refused = replies::refused(found.error());
    else if (!found->may(rights))
        outcome.refused = replies::not_permitted(found->rights);
    else
        outcome.mailbox = std::move(*found);
    co_return std::move(outcome);
}

awaitable<permitted> connection::permit_insert(std::string name) {
    auto outcome = co_await permit(std::move(name), mail::rights::insert);
    const bool is_there = outcome.mailbox && outcome.mailbox->info.selectable;
    const bool is_hidden = outcome.refused.code == code::nonexistent;
    if (is_there || (!outcome.mailbox && !is_hidden)) co_return std::move(outcome);
    outcome.mailbox.reset();
    outcome.refused = replies::try_create();
    co_return std::move(outcome);
}

awaitable<permitted> connection::permit_below(std::string name) {
    permitted outcome;
    // RFC 4314 4: the nearest mailbox above that is there decides. The same answer whether there
    // is none, or one that may not be seen.
    outcome.refused = replies::no(code::no_perm, "No mailbox may be made there");
    const auto parts = split_shared_name(name);
    if (!parts) co_return std::move(outcome);
    for (auto slash = parts->name.rfind('/'); slash != std::string::npos && slash != 0;
         slash = parts->name.rfind('/', slash - 1)) {
        auto above = join_shared_name(parts->owner, parts->name.substr(0, slash));
        auto parent = co_await resolve(std::move(above));
        if (!parent) continue;
        if (parent->may(mail::rights::create)) outcome.mailbox = std::move(*parent);
        break;
    }
    co_return std::move(outcome);
}

awaitable<std::optional<answer>> connection::list_own(pace& walk,
                                                      std::vector<storage::mailbox_info>& all) {
    if (auto late = co_await walk.may_go_on()) co_return std::move(late);
    const auto names = co_await ports_.mail.names(user_.account);
    if (!names) co_return replies::refused(names.error());
    all.reserve(names->size());
    std::span<const storage::named_mailbox> rest(*names);
    while (!rest.empty()) {
        const auto slice = rest.first(std::min(rest.size(), mailboxes_of_slice));
        auto some = co_await ports_.mail.describe(user_.account, slice);
        if (!some) co_return replies::refused(some.error());
        std::move(some->begin(), some->end(), std::back_inserter(all));
        rest = rest.subspan(slice.size());
        if (auto late = co_await walk.may_go_on()) co_return std::move(late);
    }
    co_return std::nullopt;
}

awaitable<std::optional<answer>> connection::list_shared(
    pace& walk, std::vector<storage::shared_mailbox>& all) {
    if (auto late = co_await walk.may_go_on()) co_return std::move(late);
    const auto names = co_await ports_.sharing.shared_names(user_.account);
    if (!names) co_return replies::refused(names.error());
    all.reserve(names->size());
    std::span<const storage::named_share> rest(*names);
    while (!rest.empty()) {
        const auto slice = rest.first(std::min(rest.size(), mailboxes_of_slice));
        auto some = co_await ports_.sharing.describe_shared(user_.account, slice);
        if (!some) co_return replies::refused(some.error());
        std::move(some->begin(), some->end(), std::back_inserter(all));
        rest = rest.subspan(slice.size());
        if (auto late = co_await walk.may_go_on()) co_return std::move(late);
    }
    co_return std::nullopt;
}

awaitable<std::optional<answer>> connection::list_visible(pace& walk,
                                                          std::vector<visible_mailbox>& all) {
    std::vector<storage::mailbox_info> own;
    if (auto refused = co_await list_own(walk, own)) co_return std::move(refused);
    all.reserve(own.size());
    for (auto& info : own) {
        visible_mailbox seen;
        seen.owner = user_.account;
        seen.own_name = info.name;
        seen.info = std::move(info);
        all.push_back(std::move(seen));
    }
    std::vector<storage::shared_mailbox> shared;
    if (auto refused = co_await list_shared(walk, shared)) co_return std::move(refused);
    std::set<std::string> known;
    for (auto& one : shared) {
        if ((one.rights & mail::rights::lookup) == 0) continue;
        auto seen = to_visible(std::move(one));
        known.insert(seen.info.name);
        all.push_back(std::move(seen));
    }
    // Each of these goes over all at once: a millisecond for a thousand.
    if (auto late = co_await walk.may_go_on()) co_return std::move(late);
    const auto real = all.size();
    for (std::size_t i = own.size(); i < real; ++i) {
        const auto name = all[i].info.name;
        add_parents(name, known, all);
    }
    co_return co_await walk.may_go_on();
}

}  // namespace hauspost::imap
