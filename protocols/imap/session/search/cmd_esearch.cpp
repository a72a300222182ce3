#include "protocols/imap/session/core/connection.hpp"
#include "protocols/imap/session/search/search_reply.hpp"
#include "protocols/imap/session/search/search_run.hpp"

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

}  // namespace

/// One mailbox of an ESEARCH. RFC 7377 2.1: nothing is said of one without a match.
awaitable<std::optional<answer>> connection::search_in(const cmd::esearch& wanted,
                                                       const search_scope& where,
                                                       storage::mailbox_info box,
                                                       std::chrono::steady_clock::time_point began,
                                                       bool& is_short) {
    auto program = wanted.program;
    search_run searching(*this, where, std::move(program));
    searching.count_from(began);
    searching.look_at_most(config_->max_messages_of_command);
    auto refused = co_await searching.run();
    if (refused) co_return refused;
    // The code could not say in which mailbox.
    if (searching.lowest()) co_return over_limit(std::nullopt);
    is_short = searching.is_short();
    const auto& found = searching.found();
    if (wanted.options.save) save_found(wanted.options, found);
    if (found.empty()) co_return std::nullopt;
    search_reply reply;
    reply.by_uid = true;
    for (const auto id : found)
        reply.numbers.push_back(id.value());
    reply.modseq = searching.modseqs().highest(wanted.options, found.front(), found.back()).value();
    if (wanted.options.relevancy)
        for (const auto id : found)
            reply.scores.push_back(searching.scores().of(id));
    reply.scope = " MAILBOX ";
    response_writer(reply.scope, enabled_.speaks_utf8())
        .mailbox(box.name)
        .raw(" UIDVALIDITY ")
        .number(box.counters.uid_validity.value());
    if (!co_await tell_found(wanted.options, reply)) co_return replies::connection_lost();
    co_return std::nullopt;
}

/// A mailbox that is not selected, as it is now.
awaitable<std::optional<answer>> connection::search_elsewhere(
    const cmd::esearch& wanted, visible_mailbox box, std::chrono::steady_clock::time_point began) {
    const auto key = box.key();
    auto opened = co_await ports_.mail.open(key);
    if (!opened && opened.error() == storage::errc::no_such_mailbox) co_return std::nullopt;
    if (!opened) co_return replies::refused(opened.error());
    mailbox_view view;
    view.reset(opened->uids);
    const number_ranges nothing_saved;
    // As EXAMINE would see it.
    recent_uids recent;
    const auto& counters = opened->info.counters;
    if (may_be_recent(counters))
        recent.add(counters.first_recent, uid(counters.uid_next.value() - 1));
    const search_scope where{key, view, opened->keywords, nothing_saved, recent};
    auto info = std::move(opened->info);
    info.name = std::move(box.info.name);  // as this user knows it
    // Of this mailbox the client knows no messages that it could miss.
    bool is_short = false;
    co_return co_await search_in(wanted, where, std::move(info), began, is_short);
}

/// RFC 7377. Mailboxes that are not there are passed over.
awaitable<answer> connection::on(const cmd::esearch& wanted) {
    const bool needs_selection =
        std::any_of(wanted.sources.begin(), wanted.sources.end(),
                    [](const auto& one) { return one.what == source::kind::selected; });
    if (needs_selection && !selected_) co_return replies::bad("No mailbox is selected");
    if (wanted.options.update && is_updated(tag_)) co_return replies::bad("Tag reuse");
    if (wanted.options.update) refuse_updates(tag_, "ESEARCH does not send updates");
    const auto began = std::chrono::steady_clock::now();
    pace walk(*this, "The search takes too long");
    std::vector<visible_mailbox> all;
    if (auto refused = co_await list_visible(walk, all)) co_return std::move(*refused);
    const auto selected = selected_ ? selected_->key : storage::mailbox_key{};
    bool is_short = false;
    for (auto& box : all) {
        if (auto late = co_await walk.may_go_on()) co_return std::move(*late);
        const bool is_wanted =
            std::any_of(wanted.sources.begin(), wanted.sources.end(),
                        [&](const auto& where) { return is_meant(where, box, selected); });
        if (!is_wanted || !box.info.selectable || !box.may(mail::rights::read)) continue;
        std::optional<answer> refused;
        if (box.key() == selected) {
            auto info = std::move(box.info);
            const auto where = scope_of_selected();
            refused = co_await search_in(wanted, where, std::move(info), began, is_short);
        } else {
            refused = co_await search_elsewhere(wanted, std::move(box), began);
        }
        if (refused) co_return std::move(*refused);
    }
    co_return tell_left_out(replies::ok("Searched"), is_short);
}

}  // namespace hauspost::imap
