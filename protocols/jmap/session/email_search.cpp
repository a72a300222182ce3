#include "protocols/jmap/body_tree.hpp"
#include "protocols/jmap/session/email_query.hpp"
#include "protocols/jmap/session/message_rows.hpp"
#include "protocols/message/charset.hpp"
#include "protocols/message/summary.hpp"
#include "protocols/query/run/index_filter.hpp"
#include "protocols/query/run/search_job.hpp"
#include "protocols/query/search.hpp"
#include "protocols/query/sort.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace hauspost::jmap {
namespace {

using kind = email_condition::kind;
using query::search_key;

/// Messages that are held in memory at a time, with their rows.
constexpr std::size_t messages_of_batch = 64;

method_error too_long() {
    return {errors::server_unavailable,
            "The search takes too long. Name a mailbox, or days before or after."};
}
method_error busy() {
    return {errors::server_unavailable, "The server is busy. Try again in some seconds."};
}

search_key key_for(kind what, const std::string& text) {
    search_key made;
    made.text = message::casemap_key(text);
    switch (what) {
    case kind::from: made.field = "from"; break;
    case kind::to: made.field = "to"; break;
    case kind::cc: made.field = "cc"; break;
    case kind::bcc: made.field = "bcc"; break;
    case kind::subject:
        made.what = search_key::kind::header_contains;
        made.field = "subject";
        return made;
    case kind::body: made.what = search_key::kind::body_contains; return made;
    default: made.what = search_key::kind::text_contains; return made;
    }
    made.what = search_key::kind::addresses_contain;
    return made;
}

/// The condition as a search program of one condition: all of its words.
query::search_program program_of(const email_condition& condition) {
    query::search_program made;
    made.keys.emplace_back();
    if (condition.what == kind::header) {
        auto& key = made.keys.emplace_back();
        key.what = search_key::kind::header_contains;
        key.field = condition.texts.front();
        if (condition.texts.size() > 1) key.text = message::casemap_key(condition.texts[1]);
    } else {
        for (const auto& text : condition.texts)
            made.keys.push_back(key_for(condition.what, text));
    }
    made.keys.front().length = static_cast<std::uint32_t>(made.keys.size());
    made.bind(0, 0);
    return made;
}

/// A message with all that its decision needs.
struct held_message {
    account_rows::email email = 0;
    query::open_question question;
};

held_message hold(account_rows::email email, const storage::message_view& message) {
    held_message made;
    made.email = email;
    made.question.view = message;
    if (message.extra_keywords != nullptr) made.question.extra_keywords = *message.extra_keywords;
    made.question.prefix = message.prefix;
    made.question.summary = message.summary;
    return made;
}

/// Runs on a worker thread.
class batch_search {
public:
    batch_search(const call_context& with, const query::search_program& program, steady_time until)
        : with_(with), program_(program), until_(until) {}

    /// Emails of the batch for which the program holds. nullopt: not all could be looked at.
    std::optional<std::vector<account_rows::email>> decide(std::vector<held_message> batch) const {
        std::vector<query::open_question> questions;
        for (auto& one : batch)
            questions.push_back(std::move(one.question));
        query::search_batch searched{program_,  no_keywords_,     no_recent_, with_.ports.blobs,
                                     questions, with_.ports.time, until_};
        query::decide_questions(searched);
        std::vector<account_rows::email> holds;
        for (std::size_t n = 0; n < batch.size(); ++n) {
            if (questions[n].verdict == query::search_verdict::yes) holds.push_back(batch[n].email);
            const bool is_gone =
                questions[n].failed == make_error_code(storage::errc::no_such_message);
            if (questions[n].verdict == query::search_verdict::unknown && !is_gone)
                return std::nullopt;
        }
        return holds;
    }

    /// The same for hasAttachment, by the parts.
    std::optional<std::vector<account_rows::email>> with_files(
        const std::vector<held_message>& batch) const {
        std::vector<account_rows::email> holds;
        for (const auto& one : batch) {
            const auto reader = [&](std::uint64_t at, std::uint64_t many) {
                std::string into(static_cast<std::size_t>(many), '\0');
                const auto got =
                    with_.ports.blobs.read_here(one.question.view.blob, at, std::span<char>(into));
                into.resize(got ? *got : 0);
                return into;
            };
            const auto summary = message::decode(one.question.summary);
            if (!summary) continue;
            const auto tree = make_body_tree(summary->parts, one.question.prefix, reader);
            if (has_attachment(tree, make_body_lists(tree))) holds.push_back(one.email);
            if (with_.ports.time.now() > until_) return std::nullopt;
        }
        return holds;
    }

private:
    const call_context& with_;
    const query::search_program& program_;
    const steady_time until_;
    const std::vector<std::string> no_keywords_;
    const mail::uid_ranges no_recent_;
};

/// Leaves out what cannot match, as the full-text index knows.
awaitable<error_code> narrow(const call_context& with,
                             const visible_account& account,
                             const account_rows& rows,
                             const query::search_program& program,
                             std::vector<account_rows::email>& asked) {
    auto* const index = with.ports.index;
    query::index_filter filter(program);
    if (index == nullptr || filter.needles().empty() || asked.size() <= messages_of_batch)
        co_return error_code();
    auto needles = filter.needles();
    auto finding = index->find(account.number, std::move(needles));
    const auto known = co_await std::move(finding);
    if (!known) co_return error_code();
    std::vector<account_rows::email> kept;
    std::map<std::uint32_t, std::vector<account_rows::email>>
        by_box;  // the first that each lies in
    for (const auto one : asked)
        by_box[rows.places_of(one).front().mailbox].push_back(one);
    for (const auto& [box, of_box] : by_box) {
        query::index_filter here(program);
        if (!here.take(*known, rows.mailboxes()[box]->id)) {
            kept.insert(kept.end(), of_box.begin(), of_box.end());
            continue;
        }
        const auto visit = [&](account_rows::email one, const storage::message_view& message) {
            if (here.may_match(message)) kept.push_back(one);
        };
        auto walking =
            walk_emails(with, account.number, rows, of_box, storage::walk_detail::row_heads, visit);
        if (const auto refused = co_await std::move(walking)) co_return refused;
    }
    asked = std::move(kept);
    co_return error_code();
}

}  // namespace

awaitable<std::optional<method_error>> search_messages(const call_context& with,
                                                       const visible_account& account,
                                                       const account_rows& rows,
                                                       const email_condition& condition,
                                                       std::vector<account_rows::email> asked,
                                                       std::vector<account_rows::email>& holds,
                                                       steady_time until) {
    const bool by_files = condition.what == kind::has_attachment;
    const auto program = by_files ? query::search_program() : program_of(condition);
    // Nothing to look for: everything holds it.
    if (!by_files && program.matches_all()) {
        holds = std::move(asked);
        co_return std::nullopt;
    }
    if (!by_files) {
        auto narrowing = narrow(with, account, rows, program, asked);
        if (co_await std::move(narrowing)) co_return busy();
    }
    const batch_search search(with, program, until);
    for (std::size_t begin = 0; begin < asked.size(); begin += messages_of_batch) {
        const auto end = std::min(asked.size(), begin + messages_of_batch);
        const std::vector<account_rows::email> some(
            asked.begin() + static_cast<std::ptrdiff_t>(begin),
            asked.begin() + static_cast<std::ptrdiff_t>(end));
        std::vector<held_message> batch;
        const auto visit = [&](account_rows::email one, const storage::message_view& message) {
            batch.push_back(hold(one, message));
        };
        auto walking =
            walk_emails(with, account.number, rows, some, storage::walk_detail::rows, visit);
        if (co_await std::move(walking)) co_return busy();
        auto work = [&search, &batch, by_files] {
            return by_files ? search.with_files(batch) : search.decide(std::move(batch));
        };
        auto done = co_await with.ports.workers.run(std::move(work));
        if (!done) co_return busy();
        if (!*done) co_return too_long();
        holds.insert(holds.end(), (*done)->begin(), (*done)->end());
    }
    co_return std::nullopt;
}

awaitable<std::optional<method_error>> read_sort_texts(const call_context& with,
                                                       const visible_account& account,
                                                       const account_rows& rows,
                                                       const std::vector<comparator>& sort,
                                                       const std::vector<account_rows::email>& of,
                                                       sort_texts& into) {
    if (!needs_summary(sort)) co_return std::nullopt;
    constexpr std::size_t compared_octets = 64;
    const auto wants = [&](std::string_view property) {
        return std::any_of(sort.begin(), sort.end(),
                           [&](const comparator& by) { return by.property == property; });
    };
    const auto many = rows.emails();
    const bool by_from = wants("from"), by_to = wants("to"), by_subject = wants("subject");
    if (by_from) into.from.resize(many);
    if (by_to) into.to.resize(many);
    if (by_subject) into.subject.resize(many);
    into.sent.resize(many);
    const auto visit = [&](account_rows::email one, const storage::message_view& message) {
        const auto fields = message::sort_fields_of(message.summary);
        if (by_from) into.from[one] = fields.from_display.substr(0, compared_octets);
        if (by_to) into.to[one] = fields.to_display.substr(0, compared_octets);
        if (by_subject) into.subject[one] = fields.base_subject.substr(0, compared_octets);
        into.sent[one] = query::sent_date(message.internal_date.unix_seconds, message.summary);
    };
    auto walking = walk_emails(with, account.number, rows, of, storage::walk_detail::rows, visit);
    if (co_await std::move(walking)) co_return busy();
    co_return std::nullopt;
}

}  // namespace hauspost::jmap
