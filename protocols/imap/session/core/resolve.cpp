#include "protocols/imap/session/core/resolve.hpp"

#include "storage/errc.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <span>
#include <utility>

namespace hauspost::imap {
namespace {

constexpr std::size_t mailboxes_of_slice = 128;  // some 0.3 ms

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

awaitable<result<visible_mailbox>> resolve(context& session, std::string name) {
    if (!is_shared_name(name)) {
        auto info = co_await session.ports.mail.find(session.account(), std::move(name));
        if (!info) co_return info.error();
        visible_mailbox own;
        own.owner = session.account();
        own.info = std::move(*info);
        own.own_name = own.info.name;
        co_return std::move(own);
    }
    auto parts = split_shared_name(name);
    if (!parts) co_return make_error_code(storage::errc::no_such_mailbox);
    auto shared = co_await session.ports.sharing.find_shared(
        session.account(), std::move(parts->owner), std::move(parts->name));
    if (!shared) co_return shared.error();
    co_return to_visible(std::move(*shared));
}

awaitable<or_answer<visible_mailbox>> permit(context& session,
                                             std::string name,
                                             std::uint32_t rights) {
    auto found = co_await resolve(session, std::move(name));
    if (!found) co_return replies::refused(found.error());
    if (!found->may(rights)) co_return replies::not_permitted(found->rights);
    co_return std::move(*found);
}

awaitable<or_answer<visible_mailbox>> permit_insert(context& session, std::string name) {
    auto target = co_await permit(session, std::move(name), mail::rights::insert);
    const bool is_missing =
        target ? !target->info.selectable : target.end().code == code::nonexistent;
    if (is_missing) co_return replies::try_create();
    co_return std::move(target);
}

awaitable<or_answer<visible_mailbox>> permit_below(context& session, std::string name) {
    // RFC 4314 4: the nearest mailbox above that is there decides. The same answer whether there
    // is none, or one that may not be seen.
    const auto refused = replies::no(code::no_perm, "No mailbox may be made there");
    const auto parts = split_shared_name(name);
    if (!parts) co_return refused;
    for (auto slash = parts->name.rfind('/'); slash != std::string::npos && slash != 0;
         slash = parts->name.rfind('/', slash - 1)) {
        auto above = join_shared_name(parts->owner, parts->name.substr(0, slash));
        auto parent = co_await resolve(session, std::move(above));
        if (!parent) continue;
        if (parent->may(mail::rights::create)) co_return std::move(*parent);
        break;
    }
    co_return refused;
}

awaitable<or_answer<>> list_own(context& session,
                                pace& walk,
                                std::vector<storage::mailbox_info>& all) {
    if (const auto may = co_await walk.may_go_on(); !may) co_return may.end();
    const auto names = co_await session.ports.mail.names(session.account());
    if (!names) co_return replies::refused(names.error());
    all.reserve(names->size());
    std::span<const storage::named_mailbox> rest(*names);
    while (!rest.empty()) {
        const auto slice = rest.first(std::min(rest.size(), mailboxes_of_slice));
        auto some = co_await session.ports.mail.describe(session.account(), slice);
        if (!some) co_return replies::refused(some.error());
        std::move(some->begin(), some->end(), std::back_inserter(all));
        rest = rest.subspan(slice.size());
        if (const auto may = co_await walk.may_go_on(); !may) co_return may.end();
    }
    co_return go_on;
}

awaitable<or_answer<>> list_shared(context& session,
                                   pace& walk,
                                   std::vector<storage::shared_mailbox>& all) {
    if (const auto may = co_await walk.may_go_on(); !may) co_return may.end();
    const auto names = co_await session.ports.sharing.shared_names(session.account());
    if (!names) co_return replies::refused(names.error());
    all.reserve(names->size());
    std::span<const storage::named_share> rest(*names);
    while (!rest.empty()) {
        const auto slice = rest.first(std::min(rest.size(), mailboxes_of_slice));
        auto some = co_await session.ports.sharing.describe_shared(session.account(), slice);
        if (!some) co_return replies::refused(some.error());
        std::move(some->begin(), some->end(), std::back_inserter(all));
        rest = rest.subspan(slice.size());
        if (const auto may = co_await walk.may_go_on(); !may) co_return may.end();
    }
    co_return go_on;
}

awaitable<or_answer<>> list_visible(context& session,
                                    pace& walk,
                                    std::vector<visible_mailbox>& all) {
    std::vector<storage::mailbox_info> own;
    if (const auto done = co_await list_own(session, walk, own); !done) co_return done.end();
    all.reserve(own.size());
    for (auto& info : own) {
        visible_mailbox seen;
        seen.owner = session.account();
        seen.own_name = info.name;
        seen.info = std::move(info);
        all.push_back(std::move(seen));
    }
    std::vector<storage::shared_mailbox> shared;
    if (const auto done = co_await list_shared(session, walk, shared); !done) co_return done.end();
    std::set<std::string> known;
    for (auto& one : shared) {
        if ((one.rights & mail::rights::lookup) == 0) continue;
        auto seen = to_visible(std::move(one));
        known.insert(seen.info.name);
        all.push_back(std::move(seen));
    }
    // Each of these goes over all at once: a millisecond for a thousand.
    if (const auto may = co_await walk.may_go_on(); !may) co_return may.end();
    const auto real = all.size();
    for (std::size_t i = own.size(); i < real; ++i) {
        const auto name = all[i].info.name;
        add_parents(name, known, all);
    }
    co_return co_await walk.may_go_on();
}

}  // namespace hauspost::imap
