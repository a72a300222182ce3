#include "protocols/imap/session/search/search_run.hpp"

#include "protocols/imap/session/core/selection.hpp"
#include "storage/errc.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

namespace hauspost::imap {

using namespace asio::experimental::awaitable_operators;

namespace {

// Messages whose octets must be read are gathered up to this many, or this much of summaries.
constexpr std::size_t full_slice_messages = 64;
constexpr std::size_t full_slice_octets = 256 * 1024;
// So often a walk looks whether its turn is over: reading the clock costs as much as a key.
constexpr unsigned messages_between_looks = 16;
// A worker looks after others so often (passwords are checked there too).
constexpr std::chrono::milliseconds worker_turn{20};
// Fewer open messages than this are not worth a second worker.
constexpr std::size_t messages_for_two = 8;

}  // namespace

search_scope scope_of(const selected_mailbox& box) noexcept {
    return {box.key, &box.view, &box.keywords, &box.saved, &box.recent};
}

search_run::search_run(context& session,
                       const search_scope& where,
                       query::search_program program,
                       search_bounds bounds)
    : session_(session),
      scope_(where),
      bounds_(std::move(bounds)),
      program_(std::move(program)),
      cost_(program_.cost()),
      tells_modseq_(program_.has_modseq()),
      candidate_(*where.keywords, where.recent->ranges()),
      began_(bounds_.began.value_or(session.now())),
      pace_(session, "The search takes too long", began_) {
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(
        session.ports.time.now().time_since_epoch());
    program_.bind(where.view->size(), where.view->largest_uid().value(), now.count(), *where.saved);
}

/// A set of messages that must hold anyway spares the walk over the others.
mail::uid_ranges search_run::ranges() const {
    const auto& view = *scope_.view;
    if (bounds_.within) return *bounds_.within;
    const auto& keys = program_.keys;
    const bool is_and =
        !keys.empty() && keys[0].what == query::search_key::kind::all_of && !keys[0].negated;
    for (std::size_t i = 1; is_and && i < keys.size(); i += std::max(keys[i].length, 1u)) {
        if (keys[i].negated) continue;
        if (keys[i].what == query::search_key::kind::uid) return view.by_uid(keys[i].ranges);
        if (keys[i].what != query::search_key::kind::sequence) continue;
        if (auto meant = view.by_sequence(keys[i].set)) return std::move(*meant);
    }
    return view.all();
}

awaitable<or_answer<>> search_run::run() {
    if (program_.has_keyword() && session_.state.is_selected(scope_.key))
        co_await refresh_keywords(session_);
    auto wanted = ranges();
    lowest_ = keep_highest(*scope_.view, wanted, bounds_.most);
    to_meet_ = scope_.view->count(wanted);
    if (const auto done = co_await narrow(wanted); !done) co_return done.end();
    const bool flags_only = cost_ == query::search_cost::flags;
    const auto detail = flags_only ? storage::walk_detail::flags_only : storage::walk_detail::rows;
    const auto rows = session_.ports.mail.walk(scope_.key, std::move(wanted), detail);
    while (!rows->is_done()) {
        const auto refused = co_await walk(*rows);
        if (refused) co_return replies::refused(refused);
        if (const auto done = co_await decide_open(); !done) co_return done.end();
        if (const auto may = co_await give_way(); !may) co_return may.end();
    }
    missing_ += to_meet_;
    // Answers that came out of octets were found later than their neighbours.
    std::sort(found_.begin(), found_.end());
    std::sort(scores_.rows.begin(), scores_.rows.end());
    co_return go_on;
}

awaitable<or_answer<>> search_run::give_way() {
    return pace_.may_go_on(looked_at_, scope_.view->size());
}

awaitable<error_code> search_run::walk(storage::message_cursor& rows) {
    mailbox_view::cursor cursor(*scope_.view);
    open_.clear();
    open_octets_ = 0;
    unsigned seen = 0;
    const auto visitor = [&](const storage::message_view& message) {
        const auto sequence = cursor.sequence_of(message.uid);
        if (sequence != 0) {
            --to_meet_;
            look_at(sequence, message);
        }
        if (++seen % messages_between_looks == 0 && session_.is_turn_over()) return false;
        return open_.size() < full_slice_messages && open_octets_ < full_slice_octets;
    };
    co_return co_await rows.next(visitor);
}

modseq search_modseqs::highest(const search_options& options, uid first, uid last) const {
    const bool is_short = options.is_extended && !options.all && !options.count && !options.partial;
    const bool tells_ends = is_short && (options.min || options.max);
    modseq highest;
    for (const auto& [id, value] : rows)
        if (!tells_ends || (options.min && id == first) || (options.max && id == last))
            highest = std::max(highest, value);
    return highest;
}

void search_run::keep(const storage::message_view& message, std::uint8_t likeness) {
    found_.push_back(message.uid);
    if (likeness != 0) scores_.rows.emplace_back(message.uid, likeness);
    if (tells_modseq_) modseqs_.rows.emplace_back(message.uid, message.modseq);
}

void search_run::look_at(std::uint32_t sequence, const storage::message_view& message) {
    looked_at_ = sequence;
    candidate_.show(sequence, message);
    std::uint8_t likeness = 0;
    const auto up_to = std::min(cost_, query::search_cost::summary);
    switch (query::evaluate(program_, candidate_, up_to, &likeness)) {
    case query::search_verdict::no: return;
    case query::search_verdict::yes: keep(message, likeness); return;
    case query::search_verdict::unknown: break;
    }
    query::open_question question;
    question.sequence = sequence;
    question.view = message;
    if (message.extra_keywords) question.extra_keywords = *message.extra_keywords;
    question.prefix = message.prefix;
    question.summary = message.summary;
    open_octets_ += question.prefix.size() + question.summary.size();
    open_.push_back(std::move(question));
}

/// A message whose octets are gone was expunged meanwhile: no match. Any other reason ends the
/// search, for "no match" would be wrong.
awaitable<or_answer<>> search_run::decide_open() {
    query::search_batch batch{program_,
                              *scope_.keywords,
                              scope_.recent->ranges(),
                              session_.ports.blobs,
                              open_,
                              session_.ports.monotonic,
                              {}};
    auto work = [&batch] { return query::decide_questions(batch); };
    auto& workers = session_.ports.workers;
    while (batch.next < open_.size()) {
        const auto now = session_.now();
        batch.until = std::min(now + worker_turn, began_ + session_.config->search_timeout);
        std::optional<std::size_t> one, two;
        if (open_.size() < messages_for_two) {
            one = co_await workers.run(work);
        } else {
            auto first = workers.run(work);
            auto second = workers.run(work);
            std::tie(one, two) = co_await (std::move(first) && std::move(second));
        }
        if (!one && !two) co_return replies::refused(make_error_code(storage::errc::busy));
        if (const auto may = co_await give_way(); !may) co_return may.end();
    }
    for (const auto& question : open_) {
        if (question.failed == storage::errc::no_such_message) {
            ++missing_;
            continue;
        }
        if (question.failed) co_return replies::refused(question.failed);
        if (question.verdict == query::search_verdict::yes) keep(question.view, question.likeness);
    }
    co_return go_on;
}

}  // namespace hauspost::imap
