#include "protocols/imap/session/core/selection.hpp"
#include "protocols/imap/session/search/commands.hpp"
#include "protocols/imap/session/search/live_updates.hpp"
#include "protocols/imap/session/search/search_reply.hpp"
#include "protocols/imap/session/search/search_run.hpp"

#include <utility>

namespace hauspost::imap {

/// RFC 9051 6.4.4, RFC 3501 6.4.4; UID SEARCH 6.4.9.
awaitable<answer> on(context& session, const cmd::search& wanted) {
    auto& state = session.state;
    auto& box = *state.selected;
    // RFC 5267 4.3: else nobody could tell whose updates they are.
    if (wanted.options.update && is_updated(box, state.tag)) co_return replies::bad("Tag reuse");
    auto options = wanted.options;
    // RFC 9051 6.4.4: there the answer is always ESEARCH.
    if (state.enabled.imap4rev2 && !options.is_extended) options.is_extended = options.all = true;
    search_bounds bounds;
    bounds.most = session.config->max_messages_of_command;
    search_run searching(session, scope_of(box), wanted.program, std::move(bounds));
    // RFC 5182 2.1: a search that fails leaves nothing; it may use the old result itself, though.
    if (options.save) box.saved.clear();
    const auto done = co_await searching.run();
    if (!done) co_return done.end();
    const auto& found = searching.found();
    if (options.save) save_found(box, options, found);
    search_reply reply;
    reply.by_uid = wanted.by_uid;
    reply.numbers.reserve(found.size());
    mailbox_view::cursor cursor(box.view);
    for (const auto id : found)
        reply.numbers.push_back(wanted.by_uid ? id.value() : cursor.sequence_of(id));
    if (options.relevancy)
        for (const auto id : found)
            reply.scores.push_back(searching.scores().of(id));
    if (!found.empty())
        reply.modseq = searching.modseqs().highest(options, found.front(), found.back()).value();
    if (!co_await tell_found(session, options, reply)) co_return replies::connection_lost();
    if (options.update) keep_updated(session, wanted.program, wanted.by_uid, found, {});
    auto end = with_left_out(session, replies::ok("Searched"), searching.is_short());
    co_return with_limit(session, std::move(end), searching.lowest());
}

}  // namespace hauspost::imap
