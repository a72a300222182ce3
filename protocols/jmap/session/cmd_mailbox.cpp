#include "protocols/jmap/json_text.hpp"
#include "protocols/jmap/session/handlers.hpp"
#include "protocols/jmap/session/mailbox_object.hpp"
#include "protocols/jmap/session/mailbox_query.hpp"
#include "protocols/jmap/session/query_answer.hpp"
#include "storage/errc.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::jmap {

awaitable<method_answer> mailbox_get(const call_context& with, json::object arguments) {
    std::optional<method_error> wrong;
    const auto* account = find_account(with, arguments, wrong);
    const auto asked = parse_get(arguments, wrong);
    for (const auto& name : asked.properties)
        if (!is_mailbox_property(name)) wrong = wrong_argument("A mailbox has no such property.");
    if (wrong) co_return method_answer(std::move(*wrong));
    auto listing = list_mailboxes(with, *account);
    const auto list = co_await std::move(listing);
    if (!list) co_return method_answer(to_method_error(list.error()));
    json::array found, missing;
    if (asked.is_all)
        for (const auto& one : list->all)
            found.push_back(to_json(one, asked));
    for (const auto& id : asked.ids) {
        const auto one = std::find_if(list->all.begin(), list->all.end(),
                                      [&](const auto& box) { return box.box->id == id; });
        if (one == list->all.end())
            missing.emplace_back(id);
        else
            found.push_back(to_json(*one, asked));
    }
    json::object said;
    said["accountId"] = account->id;
    said["state"] = list->state;
    said["list"] = std::move(found);
    said["notFound"] = std::move(missing);
    co_return method_answer(std::move(said));
}

/// A state is a hash of what a client has been told, so that nothing is kept for it: it says that
/// something has changed, and not what. RFC 8620 5.2 has an answer for that.
awaitable<method_answer> mailbox_changes(const call_context& with, json::object arguments) {
    std::optional<method_error> wrong;
    const auto* account = find_account(with, arguments, wrong);
    const auto since = parse_since(arguments, wrong);
    if (wrong) co_return method_answer(std::move(*wrong));
    auto listing = list_mailboxes(with, *account);
    const auto list = co_await std::move(listing);
    if (!list) co_return method_answer(to_method_error(list.error()));
    auto answer = no_changes(*account, since, list->state);
    if (!answer.wrong) answer.said["updatedProperties"] = nullptr;
    co_return answer;
}

awaitable<method_answer> mailbox_query(const call_context& with, json::object arguments) {
    std::optional<method_error> wrong;
    const auto* account = find_account(with, arguments, wrong);
    const auto window = parse_window(arguments, wrong);
    mailbox_question question;
    if (!wrong) question = parse_mailbox_question(arguments, wrong);
    if (wrong) co_return method_answer(std::move(*wrong));
    auto listing = list_mailboxes(with, *account);
    const auto list = co_await std::move(listing);
    if (!list) co_return method_answer(to_method_error(list.error()));
    // Names are compared in one form without case, which takes a while for thousands of them.
    constexpr std::size_t few_steps = 500;
    std::optional<std::vector<std::size_t>> found;
    auto work = [&] { return query_mailboxes(list->all, question); };
    if (list->all.size() * question.looks() <= few_steps)
        found = work();
    else
        found = co_await with.ports.workers.run(std::move(work));
    if (!found) co_return method_answer(to_method_error(make_error_code(storage::errc::busy)));
    std::vector<std::string> ids;
    for (const auto n : *found)
        ids.push_back(list->all[n].box->id);
    co_return query_answer(*account, list->state, window, ids);
}

}  // namespace hauspost::jmap
