#include "protocols/imap/session/core/resolve.hpp"
#include "protocols/imap/session/core/selection.hpp"
#include "protocols/imap/session/search/commands.hpp"
#include "protocols/imap/session/search/live_updates.hpp"
#include "protocols/imap/session/search/search_reply.hpp"
#include "protocols/imap/session/search/search_run.hpp"
#include "storage/errc.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::imap {
namespace {

using source = search_source;

/// Is `name` below `parent`; with `one_level` directly below it? RFC 7377 2.2: the mailbox itself
/// belongs to its subtree.
bool is_in_subtree(std::string_view name, std::string_view parent, bool one_level) {
    if (name == parent) return true;
    if (!name.starts_with(parent) || name.size() <= parent.size() + 1 || name[parent.size()] != '/')
        return false;
    return !one_level || name.find('/', parent.size() + 1) == name.npos;
}

bool is_meant(const source& where, const visible_mailbox& box, storage::mailbox_key selected) {
    const auto& name = box.info.name;
    switch (where.what) {
    case source::kind::selected: return box.key() == selected;
    case source::kind::inboxes: return name == "INBOX";
    case source::kind::personal: return box.is_own();
    case source::kind::subscribed: return box.is_own() && box.info.subscribed;
    case source::kind::subtree: return is_in_subtree(name, where.mailbox, false);
    case source::kind::subtree_one: return is_in_subtree(name, where.mailbox, true);
    case source::kind::mailbox: return name == where.mailbox;
    }
    return false;
}

/// What the mailboxes of one command have in common.
struct search_everywhere {
    context& session;
    const cmd::esearch& wanted;
    steady_time began;
    bool is_short = false;  // another session has expunged messages of the selected mailbox
};

/// One mailbox of an ESEARCH. RFC 7377 2.1: nothing is said of one without a match.
/// box  with the name that this user knows
awaitable<or_answer<>> search_in(search_everywhere& all,
                                 search_scope where,
                                 storage::mailbox_info box,
                                 bool& is_short) {
    auto& session = all.session;
    const auto& options = all.wanted.options;
    search_bounds bounds;
    bounds.most = session.config->max_messages_of_command;
    bounds.began = all.began;
    search_run searching(session, where, all.wanted.program, std::move(bounds));
    const auto done = co_await searching.run();
    if (!done) co_return done.end();
    // The code could not say in which mailbox.
    if (searching.lowest()) co_return over_limit(session, std::nullopt);
    is_short = searching.is_short();
    const auto& found = searching.found();
    if (options.save) save_found(*session.state.selected, options, found);
    if (found.empty()) co_return go_on;
    search_reply reply;
    reply.by_uid = true;
    for (const auto id : found)
        reply.numbers.push_back(id.value());
    reply.modseq = searching.modseqs().highest(options, found.front(), found.back()).value();
    if (options.relevancy)
        for (const auto id : found)
            reply.scores.push_back(searching.scores().of(id));
    reply.scope = " MAILBOX ";
    response_writer(reply.scope, session.state.enabled.speaks_utf8())
        .mailbox(box.name)
        .raw(" UIDVALIDITY ")
        .number(box.counters.uid_validity.value());
    if (!co_await tell_found(session, options, reply)) co_return replies::connection_lost();
    co_return go_on;
}

/// A mailbox that is not selected, as it is now.
awaitable<or_answer<>> search_elsewhere(search_everywhere& all, visible_mailbox box) {
    auto& session = all.session;
    const auto key = box.key();
    auto opened = co_await session.ports.mail.open(key);
    if (!opened && opened.error() == storage::errc::no_such_mailbox) co_return go_on;
    if (!opened) co_return replies::refused(opened.error());
    mailbox_view view;
    view.reset(opened->uids);
    const number_ranges nothing_saved;
    // As EXAMINE would see it.
    recent_uids recent;
    const auto& counters = opened->info.counters;
    if (may_be_recent(session, counters))
        recent.add(counters.first_recent, uid(counters.uid_next.value() - 1));
    const search_scope where{key, &view, &opened->keywords, &nothing_saved, &recent};
    auto info = std::move(opened->info);
    info.name = std::move(box.info.name);
    // Of this mailbox the client knows no messages that it could miss.
    bool is_short = false;
    co_return co_await search_in(all, where, std::move(info), is_short);
}

}  // namespace

/// RFC 7377. Mailboxes that are not there are passed over.
awaitable<answer> on(context& session, const cmd::esearch& wanted) {
    auto& state = session.state;
    const bool needs_selection =
        std::any_of(wanted.sources.begin(), wanted.sources.end(),
                    [](const auto& one) { return one.what == source::kind::selected; });
    if (needs_selection && !state.selected) co_return replies::bad("No mailbox is selected");
    if (wanted.options.update) {
        if (state.selected && is_updated(*state.selected, state.tag))
            co_return replies::bad("Tag reuse");
        refuse_updates(session, state.tag, "ESEARCH does not send updates");
    }
    search_everywhere all{session, wanted, session.now()};
    pace walk(session, "The search takes too long");
    std::vector<visible_mailbox> boxes;
    if (const auto done = co_await list_visible(session, walk, boxes); !done) co_return done.end();
    const auto selected = state.selected ? state.selected->key : storage::mailbox_key{};
    for (auto& box : boxes) {
        if (const auto may = co_await walk.may_go_on(); !may) co_return may.end();
        const bool is_wanted =
            std::any_of(wanted.sources.begin(), wanted.sources.end(),
                        [&](const auto& where) { return is_meant(where, box, selected); });
        if (!is_wanted || !box.info.selectable || !box.may(mail::rights::read)) continue;
        // No "?:": g++ 12 destroys the awaitables of both branches, and only one was made.
        or_answer<> done = go_on;
        if (box.key() == selected)
            done = co_await search_in(all, scope_of(*state.selected), std::move(box.info),
                                      all.is_short);
        else
            done = co_await search_elsewhere(all, std::move(box));
        if (!done) co_return done.end();
    }
    co_return with_left_out(session, replies::ok("Searched"), all.is_short);
}

}  // namespace hauspost::imap
