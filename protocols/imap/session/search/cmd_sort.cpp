#include "protocols/imap/response/envelope.hpp"
#include "protocols/imap/session/core/connection.hpp"
#include "protocols/imap/session/search/search_reply.hpp"
#include "protocols/imap/session/search/search_run.hpp"
#include "protocols/imap/session/search/sort_run.hpp"
#include "protocols/message/summary.hpp"
#include "protocols/query/sort.hpp"
#include "protocols/query/thread.hpp"
#include "storage/errc.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::imap {

/// What SORT and THREAD put in order.
struct found_ranges {
    mail::uid_ranges ranges;
    search_scores scores;
    search_modseqs modseqs;
    bool is_short = false;  // another session has expunged some meanwhile
};

namespace {

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

}  // namespace

/// The messages of a search program. An answer: the refusal.
/// save  the result will be `$`: RFC 5182 2.1, what fails leaves nothing
awaitable<std::optional<answer>> connection::find_ranges(query::search_program program,
                                                         bool save,
                                                         found_ranges& found) {
    const auto most = config_->max_messages_of_command;
    if (program.matches_all()) {
        if (save) selected_->saved.clear();
        if (most != 0 && selected_->view.size() > most) co_return over_limit(std::nullopt);
        found.ranges = selected_->view.all();
        co_return std::nullopt;
    }
    search_run searching(*this, scope_of_selected(), std::move(program));
    searching.look_at_most(most);
    if (save) selected_->saved.clear();
    auto refused = co_await searching.run();
    if (refused) co_return refused;
    // RFC 9738 3.4: an order of some of them would be of no use.
    if (searching.lowest()) co_return over_limit(std::nullopt);
    found.ranges = to_ranges(selected_->view, searching.found());
    found.scores = searching.scores();
    found.modseqs = searching.modseqs();
    found.is_short = searching.is_short();
    co_return std::nullopt;
}

/// RFC 5256 3, RFC 5267 3 and 4.3.
awaitable<answer> connection::on(const cmd::sort& wanted) {
    const auto began = std::chrono::steady_clock::now();
    const bool save = wanted.options.save;
    // RFC 5267 4.3: else nobody could tell whose updates they are.
    if (wanted.options.update && is_updated(tag_)) co_return replies::bad("Tag reuse");
    auto program = wanted.program;
    found_ranges found;
    auto refused = co_await find_ranges(std::move(program), save, found);
    if (refused) co_return std::move(*refused);
    // UIDs first: `$` keeps them, and a sequence number is found from one quickly.
    query::sorter messages(wanted.criteria);
    const auto expected = selected_->view.count(found.ranges);
    messages.reserve(expected);
    const auto visit = [&](std::uint32_t, const storage::message_view& message) {
        return messages.add(message.uid.value(), message.internal_date.unix_seconds, message.octets,
                            message.summary, found.scores.of(message.uid));
    };
    row_walk rows(*this, began);
    refused = co_await rows.run(std::move(found.ranges), visit);
    if (refused) co_return std::move(*refused);
    const bool is_short = found.is_short || messages.size() < expected;
    search_reply reply;
    reply.word = "SORT";
    reply.by_uid = wanted.by_uid;
    auto work = [&messages] { return messages.sorted(); };
    if (messages.size() < few_messages) {
        reply.numbers = work();
    } else {
        auto sorted = co_await ports_.workers.run(work);
        if (!sorted) co_return replies::refused(make_error_code(storage::errc::busy));
        reply.numbers = std::move(*sorted);
    }
    const auto order = to_uids(reply.numbers);
    if (save) save_found(wanted.options, order);
    if (wanted.options.relevancy)
        for (const auto id : order)
            reply.scores.push_back(found.scores.of(id));
    if (!order.empty())
        reply.modseq = found.modseqs.highest(wanted.options, order.front(), order.back()).value();
    if (!wanted.by_uid)
        for (auto& number : reply.numbers)
            number = selected_->view.sequence_of(uid(number)).value_or(0);
    if (!co_await tell_found(wanted.options, reply)) co_return replies::connection_lost();
    if (wanted.options.update) keep_updated(wanted.program, wanted.by_uid, order, wanted.criteria);
    co_return tell_left_out(replies::ok("Sorted"), is_short);
}

/// RFC 5256 3.
awaitable<answer> connection::on(const cmd::thread& wanted) {
    const auto began = std::chrono::steady_clock::now();
    auto program = wanted.program;
    found_ranges found;
    auto refused = co_await find_ranges(std::move(program), false, found);
    if (refused) co_return std::move(*refused);
    const auto expected = selected_->view.count(found.ranges);
    query::threader messages(wanted.algorithm);
    const bool needs_replies = wanted.algorithm == query::thread_algorithm::references;
    const auto visit = [&](std::uint32_t sequence, const storage::message_view& message) {
        const auto number = wanted.by_uid ? message.uid.value() : sequence;
        return messages.add(number, message.internal_date.unix_seconds, message.summary,
                            needs_replies && is_reply(message.summary));
    };
    row_walk rows(*this, began);
    refused = co_await rows.run(std::move(found.ranges), visit);
    if (refused) co_return std::move(*refused);
    const bool is_short = found.is_short || messages.size() < expected;
    auto work = [&messages] { return messages.threads(); };
    std::string threads;
    if (messages.size() < few_messages) {
        threads = work();
    } else {
        auto made = co_await ports_.workers.run(work);
        if (!made) co_return replies::refused(make_error_code(storage::errc::busy));
        threads = std::move(*made);
    }
    writer().raw("* THREAD");
    constexpr std::size_t piece = 64 * 1024;
    for (std::size_t at = 0; at < threads.size(); at += piece) {
        writer().raw(std::string_view(threads).substr(at, piece));
        if (!co_await make_room()) co_return replies::connection_lost();
    }
    writer().crlf();
    co_return tell_left_out(replies::ok("Threaded"), is_short);
}

}  // namespace hauspost::imap
