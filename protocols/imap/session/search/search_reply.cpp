#include "protocols/imap/session/search/search_reply.hpp"

#include "protocols/imap/response/esearch.hpp"
#include "protocols/imap/session/core/connection.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace hauspost::imap {

/// The untagged answer. False: the connection is lost.
awaitable<bool> connection::tell_found(const search_options& options, const search_reply& reply) {
    // RFC 5182 2.1: what is only to be saved is not told.
    if (!options.is_extended) co_return co_await tell_plain(reply);
    if (options.save && !options.tells()) co_return true;
    write_esearch_head(out_, tag_, reply.by_uid, reply.scope);
    write_esearch_counts(out_, options, reply.numbers);
    const std::span<const std::uint32_t> all(reply.numbers);
    if (options.all && !all.empty()) {
        writer().raw(" ALL ");
        if (!co_await tell_set(all)) co_return false;
    }
    if (options.partial) {
        write_partial_head(out_, *options.partial);
        const auto page = options.partial->within(all.size());
        if (page.begin == page.end) writer().raw("NIL");
        if (!co_await tell_set(all.subspan(page.begin, page.end - page.begin))) co_return false;
        writer().raw(')');
    }
    if (!reply.scores.empty() && !co_await tell_scores(reply.scores)) co_return false;
    if (reply.modseq != 0) writer().raw(" MODSEQ ").number(reply.modseq);
    writer().crlf();
    co_return co_await make_room();
}

awaitable<bool> connection::tell_plain(const search_reply& reply) {
    writer().raw("* ").raw(reply.word);
    for (const auto number : reply.numbers) {
        writer().raw(' ').number(number);
        if (!co_await make_room()) co_return false;
    }
    if (reply.modseq != 0) writer().raw(" (MODSEQ ").number(reply.modseq).raw(')');
    writer().crlf();
    co_return true;
}

awaitable<bool> connection::tell_scores(std::span<const std::uint8_t> scores) {
    std::string_view before = " RELEVANCY (";
    for (const auto score : scores) {
        writer().raw(before).number(score);
        before = " ";
        if (!co_await make_room()) co_return false;
    }
    writer().raw(')');
    co_return true;
}

awaitable<bool> connection::tell_set(std::span<const std::uint32_t> numbers) {
    set_writer set(out_);
    for (const auto number : numbers) {
        set.add(number);
        if (!co_await make_room()) co_return false;
    }
    set.end();
    co_return true;
}

}  // namespace hauspost::imap
