#include "protocols/jmap/session/email_ids.hpp"
#include "protocols/jmap/session/handlers.hpp"
#include "protocols/jmap/session/query_answer.hpp"

#include <utility>

namespace hauspost::jmap {
namespace {

json::object thread_object(const account_rows& rows,
                           const std::string& id,
                           account_rows::email one,
                           const get_arguments& asked) {
    json::object made;
    made["id"] = id;
    if (!asked.wants("emailIds")) return made;
    json::array all;
    for (const auto email : rows.thread_of(one))
        all.emplace_back(email_id(rows, email));
    made["emailIds"] = std::move(all);
    return made;
}

}  // namespace

awaitable<method_answer> thread_get(const call_context& with, json::object arguments) {
    std::optional<method_error> wrong;
    const auto* account = find_account(with, arguments, wrong);
    const auto asked = parse_get(arguments, wrong);
    for (const auto& name : asked.properties)
        if (name != "emailIds") wrong = wrong_argument("A thread has no such property.");
    // RFC 8620 5.1: all of them only where a server has so few.
    if (!wrong && asked.is_all)
        wrong.emplace(errors::request_too_large, "Name the ids of the threads.");
    if (wrong) co_return method_answer(std::move(*wrong));
    auto looking =
        with.ports.pictures.look(with.user.account, account->number, account->readable());
    const auto picture = co_await std::move(looking);
    if (!picture) co_return method_answer(to_method_error(picture.error()));
    const auto& rows = **picture;
    json::array found, missing;
    for (const auto& id : asked.ids) {
        if (const auto one = find_thread(rows, id))
            found.push_back(thread_object(rows, id, *one, asked));
        else
            missing.emplace_back(id);
    }
    json::object said;
    said["accountId"] = account->id;
    said["state"] = email_state(*account);
    said["list"] = std::move(found);
    said["notFound"] = std::move(missing);
    co_return method_answer(std::move(said));
}

awaitable<method_answer> thread_changes(const call_context& with, json::object arguments) {
    std::optional<method_error> wrong;
    const auto* account = find_account(with, arguments, wrong);
    const auto since = parse_since(arguments, wrong);
    if (wrong) co_return method_answer(std::move(*wrong));
    co_return no_changes(*account, since, email_state(*account));
}

}  // namespace hauspost::jmap
