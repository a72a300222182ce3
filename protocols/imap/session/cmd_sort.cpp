#include "protocols/imap/session/connection.hpp"
#include "protocols/imap/session/search_reply.hpp"
#include "protocols/imap/session/search_run.hpp"
#include "protocols/imap/session/sort_run.hpp"
#include "protocols/imap/sort.hpp"
#include "protocols/imap/thread.hpp"
#include "storage/errc.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::imap {
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

}  // namespace

/// The messages of a search program, as ranges of the view. The refusal otherwise.
/// save  the result will be `$`: RFC 5182 2.1, what fails leaves nothing
awaitable<std::optional<answer>> connection::find_ranges(search_program program,
                                                         bool save,
                                                         uid_ranges& ranges,
                                                         search_scores& scores) {
    if (program.matches_all()) {
        if (save) selected_->saved.clear();
        ranges = selected_->view.all();
        co_return std::nullopt;
    }
    search_run searching(*this, scope_of_selected(), std::move(program));
    if (save) selected_->saved.clear();
    auto refused = co_await searching.run();
    if (refused) co_return refused;
    ranges = to_ranges(selected_->view, searching.found());
    scores = searching.scores();
    co_return std::nullopt;
}

/// RFC 5256 3, RFC 5267 3.
awaitable<answer> connection::on(const cmd::sort& wanted) {
    const auto began = std::chrono::steady_clock::now();
    auto program = wanted.program;
    uid_ranges ranges;
    search_scores scores;
    const bool save = wanted.options.save;
    if (wanted.options.update) refuse_updates(tag_, "A sorted result is told once");
    auto refused = co_await find_ranges(std::move(program), save, ranges, scores);
    if (refused) co_return std::move(*refused);
    // UIDs first: `$` keeps them, and a sequence number is found from one quickly.
    sorter messages(wanted.criteria);
    messages.reserve(selected_->view.count(ranges));
    const auto visit = [&](std::uint32_t, const storage::message_view& message) {
        return messages.add(message.uid.value(), message.internal_date.unix_seconds, message.octets,
                            message.summary, scores.of(message.uid));
    };
    row_walk rows(*this, began);
    refused = co_await rows.run(std::move(ranges), visit);
    if (refused) co_return std::move(*refused);
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
    if (save) {
        const auto order = to_uids(reply.numbers);
        save_found(wanted.options, order);
    }
    if (wanted.options.relevancy)
        for (const auto number : reply.numbers)
            reply.scores.push_back(scores.of(uid(number)));
    if (!wanted.by_uid)
        for (auto& number : reply.numbers)
            number = selected_->view.sequence_of(uid(number)).value_or(0);
    if (!co_await tell_found(wanted.options, reply)) co_return replies::connection_lost();
    co_return replies::ok("Sorted");
}

/// RFC 5256 3.
awaitable<answer> connection::on(const cmd::thread& wanted) {
    const auto began = std::chrono::steady_clock::now();
    auto program = wanted.program;
    uid_ranges ranges;
    search_scores scores;
    auto refused = co_await find_ranges(std::move(program), false, ranges, scores);
    if (refused) co_return std::move(*refused);
    threader messages(wanted.algorithm);
    const auto visit = [&](std::uint32_t sequence, const storage::message_view& message) {
        const auto number = wanted.by_uid ? message.uid.value() : sequence;
        return messages.add(number, message.internal_date.unix_seconds, message.summary);
    };
    row_walk rows(*this, began);
    refused = co_await rows.run(std::move(ranges), visit);
    if (refused) co_return std::move(*refused);
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
    co_return replies::ok("Threaded");
}

}  // namespace hauspost::imap
