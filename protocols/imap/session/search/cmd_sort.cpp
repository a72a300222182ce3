#include "protocols/imap/response/envelope.hpp"
#include "protocols/imap/session/core/selection.hpp"
#include "protocols/imap/session/search/commands.hpp"
#include "protocols/imap/session/search/live_updates.hpp"
#include "protocols/imap/session/search/row_walk.hpp"
#include "protocols/imap/session/search/search_reply.hpp"
#include "protocols/imap/session/search/search_run.hpp"
#include "protocols/message/summary.hpp"
#include "protocols/query/sort.hpp"
#include "protocols/query/thread.hpp"
#include "storage/errc.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::imap {

namespace {

/// What SORT and THREAD put in order.
struct found_ranges {
    mail::uid_ranges ranges;
    search_scores scores;
    search_modseqs modseqs;
    bool is_short = false;  // another session has expunged some meanwhile
};

// Fewer than this are sorted or threaded right here: well below a millisecond.
constexpr std::size_t few_messages = 500;

std::vector<uid> to_uids(const std::vector<std::uint32_t>& numbers) {
    std::vector<uid> ids;
    ids.reserve(numbers.size());
    for (const auto number : numbers)
        ids.emplace_back(number);
    return ids;
}

bool is_reply(std::string_view summary) {
    return is_reply_or_forward(message::envelope_of(summary),
                               message::sort_fields_of(summary).base_subject);
}

/// The messages of a search program.
/// save  the result will be `$`: RFC 5182 2.1, what fails leaves nothing
awaitable<or_answer<found_ranges>> find_ranges(context& session,
                                               query::search_program program,
                                               bool save) {
    auto& box = *session.state.selected;
    const auto most = session.config->max_messages_of_command;
    found_ranges found;
    if (program.matches_all()) {
        if (save) box.saved.clear();
        if (most != 0 && box.view.size() > most) co_return over_limit(session, std::nullopt);
        found.ranges = box.view.all();
        co_return std::move(found);
    }
    search_bounds bounds;
    bounds.most = most;
    search_run searching(session, scope_of(box), std::move(program), std::move(bounds));
    if (save) box.saved.clear();
    const auto done = co_await searching.run();
    if (!done) co_return done.end();
    // RFC 9738 3.4: an order of some of them would be of no use.
    if (searching.lowest()) co_return over_limit(session, std::nullopt);
    found.ranges = to_ranges(box.view, searching.found());
    found.scores = searching.scores();
    found.modseqs = searching.modseqs();
    found.is_short = searching.is_short();
    co_return std::move(found);
}

}  // namespace

/// RFC 5256 3, RFC 5267 3 and 4.3.
awaitable<answer> on(context& session, const cmd::sort& wanted) {
    const auto began = session.now();
    const bool save = wanted.options.save;
    // RFC 5267 4.3: else nobody could tell whose updates they are.
    if (wanted.options.update && is_updated(*session.state.selected, session.state.tag))
        co_return replies::bad("Tag reuse");
    auto program = wanted.program;
    auto found = co_await find_ranges(session, std::move(program), save);
    if (!found) co_return found.end();
    // UIDs first: `$` keeps them, and a sequence number is found from one quickly.
    query::sorter messages(wanted.criteria);
    const auto expected = session.state.selected->view.count(found->ranges);
    messages.reserve(expected);
    const auto visit = [&](std::uint32_t, const storage::message_view& message) {
        return messages.add(message.uid.value(), message.internal_date.unix_seconds, message.octets,
                            message.summary, found->scores.of(message.uid));
    };
    row_walk rows(session, began);
    const auto done = co_await rows.run(std::move(found->ranges), visit);
    if (!done) co_return done.end();
    const bool is_short = found->is_short || messages.size() < expected;
    search_reply reply;
    reply.word = "SORT";
    reply.by_uid = wanted.by_uid;
    auto work = [&messages] { return messages.sorted(); };
    if (messages.size() < few_messages) {
        reply.numbers = work();
    } else {
        auto sorted = co_await session.ports.workers.run(work);
        if (!sorted) co_return replies::refused(make_error_code(storage::errc::busy));
        reply.numbers = std::move(*sorted);
    }
    const auto order = to_uids(reply.numbers);
    if (save) save_found(*session.state.selected, wanted.options, order);
    if (wanted.options.relevancy)
        for (const auto id : order)
            reply.scores.push_back(found->scores.of(id));
    if (!order.empty())
        reply.modseq = found->modseqs.highest(wanted.options, order.front(), order.back()).value();
    if (!wanted.by_uid)
        for (auto& number : reply.numbers)
            number = session.state.selected->view.sequence_of(uid(number)).value_or(0);
    if (!co_await tell_found(session, wanted.options, reply)) co_return replies::connection_lost();
    if (wanted.options.update)
        keep_updated(session, wanted.program, wanted.by_uid, order, wanted.criteria);
    co_return with_left_out(session, replies::ok("Sorted"), is_short);
}

/// RFC 5256 3.
awaitable<answer> on(context& session, const cmd::thread& wanted) {
    const auto began = session.now();
    auto program = wanted.program;
    auto found = co_await find_ranges(session, std::move(program), false);
    if (!found) co_return found.end();
    const auto expected = session.state.selected->view.count(found->ranges);
    query::threader messages(wanted.algorithm);
    const bool needs_replies = wanted.algorithm == query::thread_algorithm::references;
    const auto visit = [&](std::uint32_t sequence, const storage::message_view& message) {
        const auto number = wanted.by_uid ? message.uid.value() : sequence;
        return messages.add(number, message.internal_date.unix_seconds, message.summary,
                            needs_replies && is_reply(message.summary));
    };
    row_walk rows(session, began);
    const auto done = co_await rows.run(std::move(found->ranges), visit);
    if (!done) co_return done.end();
    const bool is_short = found->is_short || messages.size() < expected;
    auto work = [&messages] { return messages.threads(); };
    std::string threads;
    if (messages.size() < few_messages) {
        threads = work();
    } else {
        auto made = co_await session.ports.workers.run(work);
        if (!made) co_return replies::refused(make_error_code(storage::errc::busy));
        threads = std::move(*made);
    }
    session.writer().raw("* THREAD");
    constexpr std::size_t piece = 64 * 1024;
    for (std::size_t at = 0; at < threads.size(); at += piece) {
        session.writer().raw(std::string_view(threads).substr(at, piece));
        if (!co_await session.make_room()) co_return replies::connection_lost();
    }
    session.writer().crlf();
    co_return with_left_out(session, replies::ok("Threaded"), is_short);
}

}  // namespace hauspost::imap
