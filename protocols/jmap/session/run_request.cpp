#include "protocols/jmap/session/run_request.hpp"

#include "protocols/jmap/limits.hpp"
#include "protocols/jmap/result_reference.hpp"
#include "protocols/jmap/session/method_table.hpp"
#include "protocols/jmap/session/session_object.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace hauspost::jmap {
namespace {

/// Shorter answers are written in place, in some 0.2 ms.
constexpr std::size_t short_answer_octets = 32 * 1024;

/// Whatever the handler throws is a fault of ours, of this call alone.
awaitable<method_answer> run_guarded(const call_context& with,
                                     const method& what,
                                     json::object arguments,
                                     const sessions::session_log& log) {
    method_answer answer;
    try {
        auto running = what.run(with, std::move(arguments));
        answer = co_await std::move(running);
    } catch (const std::exception& fault) {
        log.fault(fault);
        answer.wrong.emplace(errors::server_fail, "The server could not do this.");
    }
    co_return answer;
}

awaitable<method_answer> run_call(const call_context& with,
                                  const api_request& request,
                                  invocation& call,
                                  const std::vector<invocation>& answered,
                                  std::size_t& budget,
                                  const sessions::session_log& log) {
    const auto* what = find_method(call.name);
    if (what == nullptr || !request.may_use(what->capability))
        co_return method_answer(method_error(
            errors::unknown_method,
            what == nullptr ? "There is no such method here."
                            : "\"using\" does not name the capability of this method."));
    if (auto wrong = resolve_references(call.arguments, answered, budget))
        co_return method_answer(std::move(*wrong));
    const auto room = with.room;
    auto running = run_guarded(with, *what, std::move(call.arguments), log);
    auto answer = co_await std::move(running);
    // What has not been taken while the answer was made is taken now.
    if (with.room == room) with.room -= std::min(room, weight_of(answer.said, room + 1));
    if (with.room == 0 && !answer.wrong)
        co_return method_answer(
            method_error(errors::request_too_large,
                         "The answers of this request are too large: ask for less at once."));
    co_return answer;
}

json::array to_json(std::vector<invocation> answered) {
    json::array all;
    for (auto& one : answered) {
        json::array made;
        made.emplace_back(one.name);
        made.emplace_back(std::move(one.arguments));
        made.emplace_back(one.call_id);
        all.emplace_back(std::move(made));
    }
    return all;
}

}  // namespace

awaitable<std::string> run_request(const call_context& with,
                                   api_request request,
                                   const sessions::session_log& log) {
    std::vector<invocation> answered;
    std::size_t budget = request_limits::max_referenced;
    std::size_t failed = 0;
    for (auto& call : request.calls) {
        auto running = run_call(with, request, call, answered, budget, log);
        auto answer = co_await std::move(running);
        auto& said = answered.emplace_back();
        said.call_id = std::move(call.call_id);
        said.name = answer.wrong ? "error" : std::move(call.name);
        said.arguments = answer.wrong ? answer.wrong->to_json() : std::move(answer.said);
        if (answer.wrong) ++failed;
        // The others on this thread come in between.
        co_await asio::post(asio::use_awaitable);
    }
    log.debug("jmap", "user={} calls={} failed={}", log_safe(with.user.address), answered.size(),
              failed);
    json::value response = json::object();
    auto& object = response.get_object();
    object["methodResponses"] = to_json(std::move(answered));
    if (request.has_created_ids) object["createdIds"] = std::move(request.created_ids);
    object["sessionState"] = session_state(with.accounts);
    if (weight_of(response, short_answer_octets) < short_answer_octets)
        co_return json::serialize(response);
    auto work = [&response] { return json::serialize(response); };
    auto text = co_await with.ports.workers.run(std::move(work));
    co_return text ? std::move(*text) : json::serialize(response);
}

}  // namespace hauspost::jmap
