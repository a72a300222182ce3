#include "protocols/imap/session/search/search_reply.hpp"

#include "protocols/imap/response/esearch.hpp"

#include <algorithm>

namespace hauspost::imap {
namespace {

awaitable<bool> tell_plain(context& session, const search_reply& reply) {
    session.writer().raw("* ").raw(reply.word);
    for (const auto number : reply.numbers) {
        session.writer().raw(' ').number(number);
        if (!co_await session.make_room()) co_return false;
    }
    if (reply.modseq != 0) session.writer().raw(" (MODSEQ ").number(reply.modseq).raw(')');
    session.writer().crlf();
    co_return true;
}

awaitable<bool> tell_scores(context& session, std::span<const std::uint8_t> scores) {
    std::string_view before = " RELEVANCY (";
    for (const auto score : scores) {
        session.writer().raw(before).number(score);
        before = " ";
        if (!co_await session.make_room()) co_return false;
    }
    session.writer().raw(')');
    co_return true;
}

awaitable<bool> tell_set(context& session, std::span<const std::uint32_t> numbers) {
    set_writer set(session.out());
    for (const auto number : numbers) {
        set.add(number);
        if (!co_await session.make_room()) co_return false;
    }
    set.end();
    co_return true;
}

}  // namespace

awaitable<bool> tell_found(context& session,
                           const search_options& options,
                           const search_reply& reply) {
    // RFC 5182 2.1: what is only to be saved is not told.
    if (!options.is_extended) co_return co_await tell_plain(session, reply);
    if (options.save && !options.tells()) co_return true;
    write_esearch_head(session.out(), session.state.tag, reply.by_uid, reply.scope);
    write_esearch_counts(session.out(), options, reply.numbers);
    const std::span<const std::uint32_t> all(reply.numbers);
    if (options.all && !all.empty()) {
        session.writer().raw(" ALL ");
        if (!co_await tell_set(session, all)) co_return false;
    }
    if (options.partial) {
        write_partial_head(session.out(), *options.partial);
        const auto page = options.partial->within(all.size());
        if (page.begin == page.end) session.writer().raw("NIL");
        if (!co_await tell_set(session, all.subspan(page.begin, page.end - page.begin)))
            co_return false;
        session.writer().raw(')');
    }
    if (!reply.scores.empty() && !co_await tell_scores(session, reply.scores)) co_return false;
    if (reply.modseq != 0) session.writer().raw(" MODSEQ ").number(reply.modseq);
    session.writer().crlf();
    co_return co_await session.make_room();
}

void save_found(selected_mailbox& box, const search_options& options, std::span<const uid> order) {
    std::vector<uid> kept;
    for (const auto& part : saved_positions(options, order.size()))
        kept.insert(kept.end(), order.begin() + static_cast<std::ptrdiff_t>(part.begin),
                    order.begin() + static_cast<std::ptrdiff_t>(part.end));
    std::sort(kept.begin(), kept.end());
    box.save(kept);
}

}  // namespace hauspost::imap
