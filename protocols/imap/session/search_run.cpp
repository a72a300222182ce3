#include "protocols/imap/session/search_run.hpp"

#include "protocols/imap/search_text.hpp"
#include "protocols/imap/session/connection.hpp"
#include "storage/errc.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::imap {
namespace {

constexpr std::size_t slice_flags = 4'096;
constexpr std::size_t slice_rows = 256;
// Messages whose octets must be read are gathered up to this many, or this much of summaries.
constexpr std::size_t full_slice_messages = 64;
constexpr std::size_t full_slice_octets = 256 * 1024;
// So often a walk looks whether its turn is over: reading the clock costs as much as a key.
constexpr unsigned messages_between_looks = 16;
// More than this is decoded, and more than this is searched (octets times texts), on a worker
// thread: about 1 ms each.
constexpr std::size_t much_text_octets = 128 * 1024;
constexpr std::size_t much_searched_octets = 1024 * 1024;

}  // namespace

search_run::search_run(connection& session, search_program program)
    : session_(session),
      program_(std::move(program)),
      cost_(program_.cost()),
      texts_(program_.texts()),
      candidate_(session.selected_->keywords),
      began_(std::chrono::steady_clock::now()) {
    const auto& box = *session.selected_;
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(
        session.ports_.time.now().time_since_epoch());
    program_.bind(box.view.size(), box.view.largest_uid().value(), now.count(), box.saved);
}

/// A set of messages that must hold anyway spares the walk over the others.
storage::uid_ranges search_run::ranges() const {
    const auto& view = session_.selected_->view;
    const auto& keys = program_.keys;
    const bool is_and =
        !keys.empty() && keys[0].what == search_key::kind::all_of && !keys[0].negated;
    for (std::size_t i = 1; is_and && i < keys.size(); i += std::max(keys[i].length, 1u)) {
        if (keys[i].negated) continue;
        if (keys[i].what == search_key::kind::uid) return to_store(view.by_uid(keys[i].ranges));
        if (keys[i].what != search_key::kind::sequence) continue;
        if (const auto meant = view.by_sequence(keys[i].set)) return to_store(*meant);
    }
    return to_store(view.all());
}

awaitable<std::optional<answer>> search_run::run() {
    auto all = ranges();
    std::span<storage::uid_range> rest = all;
    while (!rest.empty()) {
        const auto next = co_await walk(rest);
        if (!next) co_return replies::refused(next.error());
        rest = rest_from(rest, *next);
        for (auto& question : open_) {
            const auto failed = co_await decide(question);
            if (failed) co_return replies::refused(failed);
            if (auto late = co_await give_way()) co_return late;
        }
        if (auto late = co_await give_way()) co_return late;
    }
    // Answers that came out of octets were found later than their neighbours.
    std::sort(found_.begin(), found_.end());
    co_return std::nullopt;
}

awaitable<std::optional<answer>> search_run::give_way() {
    if (session_.is_turn_over()) co_await session_.yield();
    const auto took = std::chrono::steady_clock::now() - began_;
    if (took <= session_.config_->search_timeout) co_return std::nullopt;
    co_return replies::no(code::limit, "The search takes too long");
}

awaitable<result<uid>> search_run::walk(std::span<const storage::uid_range> ranges) {
    const auto& box = *session_.selected_;
    const bool flags_only = cost_ == search_cost::flags;
    const auto detail = flags_only ? storage::walk_detail::flags_only : storage::walk_detail::rows;
    mailbox_view::cursor cursor(box.view);
    open_.clear();
    open_octets_ = 0;
    unsigned seen = 0;
    const auto visitor = [&](const storage::message_view& message) {
        const auto sequence = cursor.sequence_of(message.uid);
        if (sequence != 0) look_at(sequence, message);
        if (++seen % messages_between_looks == 0 && session_.is_turn_over()) return false;
        return open_.size() < full_slice_messages && open_octets_ < full_slice_octets;
    };
    co_return co_await session_.ports_.mail.walk(box.key, ranges, detail,
                                                 flags_only ? slice_flags : slice_rows, visitor);
}

void search_run::look_at(std::uint32_t sequence, const storage::message_view& message) {
    candidate_.show(sequence, message);
    switch (evaluate(program_, candidate_, std::min(cost_, search_cost::summary))) {
    case search_verdict::no: return;
    case search_verdict::yes: found_.push_back(message.uid); return;
    case search_verdict::unknown: break;
    }
    open_question question;
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
awaitable<error_code> search_run::decide(open_question& question) {
    question.view.extra_keywords = &question.extra_keywords;
    question.view.prefix = question.prefix;
    question.view.summary = question.summary;
    candidate_.show(question.sequence, question.view);
    auto verdict = co_await judge_header(question);
    if (verdict && *verdict == search_verdict::unknown) verdict = co_await judge_body(question);
    if (!verdict && verdict.error() == storage::errc::no_such_message) co_return error_code();
    if (!verdict) co_return verdict.error();
    if (*verdict == search_verdict::yes) found_.push_back(question.view.uid);
    co_return error_code();
}

/// octets  of text that each of the search's texts is looked for in
awaitable<result<search_verdict>> search_run::judge(search_cost up_to, std::size_t octets) {
    auto work = [this, up_to] { return evaluate(program_, candidate_, up_to); };
    if (octets < much_text_octets && octets * texts_ < much_searched_octets) co_return work();
    const auto verdict = co_await session_.ports_.workers.run(work);
    if (!verdict) co_return make_error_code(storage::errc::busy);
    co_return *verdict;
}

awaitable<result<search_verdict>> search_run::judge_header(open_question& question) {
    std::string header = question.prefix;
    const auto count = header_octets(candidate_.parts());
    const auto failed = co_await append_blob(header, question.view.blob, 0, count);
    if (failed) co_return failed;
    header_octets_ = header.size();
    candidate_.set_header(std::move(header));
    co_return co_await judge(search_cost::header, header_octets_);
}

/// All text of the body: headers of inner parts and the text parts themselves.
awaitable<result<search_verdict>> search_run::judge_body(open_question& question) {
    const auto ranges = body_ranges(candidate_.parts(), max_searched_octets_of_body);
    std::vector<std::string> pieces(ranges.size());
    std::size_t total = 0;
    for (std::size_t n = 0; n < ranges.size(); ++n) {
        const auto failed =
            co_await append_blob(pieces[n], question.view.blob, ranges[n].offset, ranges[n].octets);
        if (failed) co_return failed;
        total += pieces[n].size();
    }
    auto work = [&] { return searchable_body(ranges, pieces); };
    if (total < much_text_octets) {
        candidate_.set_body(work());
    } else {
        auto text = co_await session_.ports_.workers.run(work);
        if (!text) co_return make_error_code(storage::errc::busy);
        candidate_.set_body(std::move(*text));
    }
    co_return co_await judge(search_cost::body, header_octets_ + total);
}

awaitable<error_code> search_run::append_blob(std::string& into,
                                              blob_id blob,
                                              std::uint64_t offset,
                                              std::uint64_t count) {
    if (count == 0) co_return error_code();
    const auto start = into.size();
    into.resize(start + count);
    const std::span<char> space(into.data() + start, count);
    const auto got = co_await session_.ports_.blobs.read(blob, offset, space);
    if (!got) co_return got.error();
    into.resize(start + *got);
    co_return error_code();
}

}  // namespace hauspost::imap
