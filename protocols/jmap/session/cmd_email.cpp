#include "base/function_ref.hpp"
#include "protocols/jmap/json_text.hpp"
#include "protocols/jmap/session/email_query.hpp"
#include "protocols/jmap/session/email_view.hpp"
#include "protocols/jmap/session/handlers.hpp"
#include "protocols/jmap/session/message_rows.hpp"
#include "protocols/jmap/session/query_answer.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <span>
#include <unordered_map>
#include <utility>

namespace hauspost::jmap {
namespace {

/// Emails that are held in memory at a time, with their rows.
constexpr std::size_t emails_of_batch = 64;
/// More looks at an email, by one node of a filter or one comparator, are for a worker thread.
constexpr std::size_t few_looks = 6'000;

using email_number = account_rows::email;

awaitable<result<storage::view::account_picture>> look(const call_context& with,
                                                       const visible_account& account) {
    return with.ports.pictures.look(with.user.account, account.number, account.readable());
}

/// What one Email/get gathers.
struct email_list {
    json::array found, missing;
};

struct id_and_email {
    std::string id;
    email_number number;
};

/// Of all these, in their order.
awaitable<std::optional<method_error>> add_emails(const call_context& with,
                                                  const visible_account& account,
                                                  const account_rows& rows,
                                                  const email_wanted& wanted,
                                                  std::span<const id_and_email> some,
                                                  steady_time until,
                                                  email_list& into) {
    const auto mailbox_ids = mailbox_ids_of(account.number, rows);
    std::unordered_map<email_number, stored_email> stored;
    if (wanted.needs_row()) {
        std::vector<email_number> numbers;
        for (const auto& one : some)
            numbers.push_back(one.number);
        const auto visit = [&](email_number one, const storage::message_view& message) {
            stored[one] = {one, message.blob, std::string(message.prefix),
                           std::string(message.summary)};
        };
        auto walking =
            walk_emails(with, account.number, rows, numbers, storage::walk_detail::rows, visit);
        if (const auto refused = co_await std::move(walking)) co_return to_method_error(refused);
    }
    error_code failed;
    bool is_too_late = false;
    auto work = [&] {
        for (const auto& one : some) {
            is_too_late = with.ports.time.now() > until;
            if (is_too_late || with.room == 0) return;
            const auto row = stored.find(one.number);
            const bool is_gone = wanted.needs_row() && row == stored.end();
            if (is_gone) {
                into.missing.emplace_back(one.id);
                continue;
            }
            auto made = email_object(rows, one.number, mailbox_ids,
                                     row == stored.end() ? nullptr : &row->second, wanted,
                                     with.ports.blobs, with.room);
            if (made)
                into.found.push_back(std::move(*made));
            else if (made.error() == make_error_code(storage::errc::no_such_message))
                into.missing.emplace_back(one.id);
            else
                failed = made.error();
        }
    };
    if (wanted.needs_octets()) {
        const auto done = co_await with.ports.workers.run(std::move(work));
        if (!done) failed = make_error_code(storage::errc::busy);
    } else {
        work();
    }
    if (failed) co_return to_method_error(failed);
    if (is_too_late || with.room == 0)
        co_return method_error(errors::request_too_large,
                               "This is too much at once: ask for fewer emails, or less of each.");
    co_return std::nullopt;
}

/// What an Email/query asks for.
struct email_question {
    email_filter filter;
    std::vector<comparator> sort;
    list_window window;
    bool collapses = false;
};

email_question parse_question(const json::object& arguments, std::optional<method_error>& wrong) {
    email_question made;
    made.window = parse_window(arguments, wrong);
    if (!wrong) made.filter = parse_email_filter(arguments.if_contains("filter"), wrong);
    if (!wrong) made.sort = parse_sort(arguments.if_contains("sort"), wrong);
    if (!wrong) check_email_sort(made.sort, wrong);
    const auto* collapses = arguments.if_contains("collapseThreads");
    if (collapses != nullptr && !collapses->is_bool())
        wrong = wrong_argument("\"collapseThreads\" is a boolean.");
    made.collapses = collapses != nullptr && collapses->is_bool() && collapses->get_bool();
    return made;
}

/// All that a question finds, in its order.
awaitable<std::optional<method_error>> find_emails(const call_context& with,
                                                   const visible_account& account,
                                                   const account_rows& rows,
                                                   const email_question& question,
                                                   std::vector<email_number>& found) {
    const auto until = with.ports.time.now() + with.settings.search_timeout;
    const method_error busy(errors::server_unavailable,
                            "The server is busy. Try again in some seconds.");
    const auto mailbox_ids = mailbox_ids_of(account.number, rows);
    email_matcher matcher(rows, question.filter, mailbox_ids);
    const auto now_late = [&with, until] { return with.ports.time.now() > until; };
    const function_ref<bool()> is_late(now_late);
    const method_error too_long(errors::server_unavailable,
                                "The search takes too long. Ask for fewer conditions.");
    const bool is_small =
        rows.emails() * (question.filter.nodes.size() + question.sort.size()) <= few_looks;
    for (std::size_t n = 0; n < question.filter.conditions.size(); ++n) {
        const auto& condition = question.filter.conditions[n];
        if (!condition.reads_message()) continue;
        std::vector<email_number> open;
        auto look_for = [&matcher, &open, &is_late] {
            open = matcher.collect(filter_verdict::unknown, is_late);
        };
        if (is_small)
            look_for();
        else if (!co_await with.ports.workers.run(look_for))
            co_return busy;
        if (is_late()) co_return too_long;
        if (open.empty()) continue;
        std::vector<email_number> holds;
        auto searching = search_messages(with, account, rows, condition, open, holds, until);
        if (auto wrong = co_await std::move(searching)) co_return wrong;
        // hasAttachment may ask for those without.
        const bool wanted =
            condition.what != email_condition::kind::has_attachment || condition.number != 0;
        for (const auto one : open)
            matcher.note(n, one, !wanted);
        for (const auto one : holds)
            matcher.note(n, one, wanted);
    }
    auto gather = [&matcher, &found, &is_late] {
        found = matcher.collect(filter_verdict::yes, is_late);
    };
    if (is_small)
        gather();
    else if (!co_await with.ports.workers.run(gather))
        co_return busy;
    if (is_late()) co_return too_long;
    sort_texts texts;
    auto reading = read_sort_texts(with, account, rows, question.sort, found, texts);
    if (auto wrong = co_await std::move(reading)) co_return wrong;
    auto order = [&] { sort_emails(found, rows, question.sort, texts, question.collapses); };
    if (is_small)
        order();
    else if (!co_await with.ports.workers.run(order))
        co_return busy;
    co_return std::nullopt;
}

}  // namespace

awaitable<method_answer> email_get(const call_context& with, json::object arguments) {
    std::optional<method_error> wrong;
    const auto* account = find_account(with, arguments, wrong);
    auto asked = parse_get(arguments, wrong);
    const auto wanted = parse_wanted(arguments, wrong);
    if (!wrong && asked.is_all)
        wrong.emplace(errors::request_too_large, "Name the ids of the emails.");
    if (wrong) co_return method_answer(std::move(*wrong));
    auto looking = look(with, *account);
    const auto picture = co_await std::move(looking);
    if (!picture) co_return method_answer(to_method_error(picture.error()));
    const auto& rows = **picture;
    email_list list;
    std::vector<id_and_email> known;
    for (auto& id : asked.ids) {
        if (const auto one = find_email(rows, id))
            known.push_back({std::move(id), *one});
        else
            list.missing.emplace_back(id);
    }
    const auto until = with.ports.time.now() + with.settings.search_timeout;
    for (std::span<const id_and_email> rest(known); !rest.empty();) {
        const auto some = rest.first(std::min(rest.size(), emails_of_batch));
        auto adding = add_emails(with, *account, rows, wanted, some, until, list);
        if (auto failed = co_await std::move(adding)) co_return method_answer(std::move(*failed));
        rest = rest.subspan(some.size());
        // The others on this thread come in between.
        co_await asio::post(asio::use_awaitable);
    }
    json::object said;
    said["accountId"] = account->id;
    said["state"] = email_state(*account);
    said["list"] = std::move(list.found);
    said["notFound"] = std::move(list.missing);
    co_return method_answer(std::move(said));
}

awaitable<method_answer> email_changes(const call_context& with, json::object arguments) {
    std::optional<method_error> wrong;
    const auto* account = find_account(with, arguments, wrong);
    const auto since = parse_since(arguments, wrong);
    if (wrong) co_return method_answer(std::move(*wrong));
    co_return no_changes(*account, since, email_state(*account));
}

awaitable<method_answer> email_query(const call_context& with, json::object arguments) {
    std::optional<method_error> wrong;
    const auto* account = find_account(with, arguments, wrong);
    email_question question;
    if (!wrong) question = parse_question(arguments, wrong);
    if (wrong) co_return method_answer(std::move(*wrong));
    auto looking = look(with, *account);
    const auto picture = co_await std::move(looking);
    if (!picture) co_return method_answer(to_method_error(picture.error()));
    const auto& rows = **picture;
    std::vector<email_number> found;
    auto finding = find_emails(with, *account, rows, question, found);
    if (auto failed = co_await std::move(finding)) co_return method_answer(std::move(*failed));
    std::size_t at_anchor = 0;
    if (!question.window.anchor.empty()) {
        const auto one = find_email(rows, question.window.anchor);
        const auto place = one ? std::find(found.begin(), found.end(), *one) : found.end();
        if (place == found.end())
            co_return method_answer(method_error(errors::anchor_not_found, ""));
        at_anchor = static_cast<std::size_t>(place - found.begin());
    }
    const auto begin = begin_of(question.window, found.size(), at_anchor);
    json::array ids;
    for (auto n = begin; n < begin + length_of(question.window, found.size(), begin); ++n)
        ids.emplace_back(email_id(rows, found[n]));
    auto said = query_object(*account, email_state(*account), question.window, found.size(), begin,
                             std::move(ids));
    said["collapseThreads"] = question.collapses;
    co_return method_answer(std::move(said));
}

}  // namespace hauspost::jmap
