#include "protocols/imap/response/esearch.hpp"
#include "protocols/imap/session/core/connection.hpp"
#include "protocols/imap/session/search/search_reply.hpp"
#include "protocols/imap/session/search/search_run.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::imap {

/// RFC 5182 2.1: keeps what `$` is to stand for; order: the positions' order in the answer.
void connection::save_found(const search_options& options, std::span<const uid> order) {
    std::vector<uid> kept;
    for (const auto& part : saved_positions(options, order.size()))
        kept.insert(kept.end(), order.begin() + static_cast<std::ptrdiff_t>(part.begin),
                    order.begin() + static_cast<std::ptrdiff_t>(part.end));
    std::sort(kept.begin(), kept.end());
    selected_->save(kept);
}

search_scope connection::scope_of_selected() const noexcept {
    return {selected_->key, selected_->view, selected_->keywords, selected_->saved,
            selected_->recent};
}

/// RFC 9051 6.4.4, RFC 3501 6.4.4; UID SEARCH 6.4.9.
awaitable<answer> connection::on(const cmd::search& wanted) {
    // RFC 5267 4.3: else nobody could tell whose updates they are.
    if (wanted.options.update && is_updated(tag_)) co_return replies::bad("Tag reuse");
    auto options = wanted.options;
    // RFC 9051 6.4.4: there the answer is always ESEARCH.
    if (enabled_.imap4rev2 && !options.is_extended) options.is_extended = options.all = true;
    auto program = wanted.program;
    search_run searching(*this, scope_of_selected(), std::move(program));
    searching.look_at_most(config_->max_messages_of_command);
    // RFC 5182 2.1: a search that fails leaves nothing; it may use the old result itself, though.
    if (options.save) selected_->saved.clear();
    auto refused = co_await searching.run();
    if (refused) co_return std::move(*refused);
    const auto& found = searching.found();
    if (options.save) save_found(options, found);
    search_reply reply;
    reply.by_uid = wanted.by_uid;
    reply.numbers.reserve(found.size());
    mailbox_view::cursor cursor(selected_->view);
    for (const auto id : found)
        reply.numbers.push_back(wanted.by_uid ? id.value() : cursor.sequence_of(id));
    if (options.relevancy)
        for (const auto id : found)
            reply.scores.push_back(searching.scores().of(id));
    if (!found.empty())
        reply.modseq = searching.modseqs().highest(options, found.front(), found.back()).value();
    if (!co_await tell_found(options, reply)) co_return replies::connection_lost();
    if (options.update) keep_updated(wanted.program, wanted.by_uid, found, {});
    co_return tell_limit(tell_left_out(replies::ok("Searched"), searching.is_short()),
                         searching.lowest());
}

}  // namespace hauspost::imap
