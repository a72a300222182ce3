#include "protocols/jmap/request.hpp"

#include "base/ascii.hpp"
#include "protocols/jmap/limits.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace hauspost::jmap {
namespace {

using problem_kind = request_problem::kind;

request_problem over(std::string_view limit, std::string detail) {
    return {problem_kind::limit, std::move(detail), std::string(limit)};
}

request_problem no_request(std::string detail) {
    return {problem_kind::not_request, std::move(detail), {}};
}

std::optional<request_problem> problem_of(json_fault fault) {
    switch (fault) {
    case json_fault::none: return std::nullopt;
    case json_fault::not_json:
        return request_problem{problem_kind::not_json,
                               "This is no JSON in UTF-8, or an object of it has a name twice.",
                               {}};
    case json_fault::too_deep:
        return over("maxSizeRequest", "A request may be nested 32 levels deep.");
    case json_fault::too_many:
        return over("maxSizeRequest", "A request may hold 200,000 values. Send several.");
    }
    return no_request("");
}

std::optional<request_problem> read_using(const json::object& from,
                                          const std::vector<std::string_view>& capabilities,
                                          api_request& into) {
    const auto* given = from.if_contains("using");
    if (given == nullptr || !given->is_array())
        return no_request("\"using\" has to be a list of capabilities.");
    if (given->get_array().size() > request_limits::max_using)
        return no_request("\"using\" names too many capabilities.");
    for (const auto& one : given->get_array()) {
        if (!one.is_string()) return no_request("\"using\" has to be a list of capabilities.");
        const auto name = view_of(one.get_string());
        if (std::find(capabilities.begin(), capabilities.end(), name) == capabilities.end())
            return request_problem{
                problem_kind::unknown_capability,
                "This server does not have a capability that \"using\" names. The session says "
                "which it has.",
                {}};
        into.uses.emplace_back(name);
    }
    return std::nullopt;
}

bool read_call(json::value& from, invocation& into) {
    if (!from.is_array()) return false;
    auto& parts = from.get_array();
    if (parts.size() != 3 || !parts[0].is_string() || !parts[1].is_object() ||
        !parts[2].is_string())
        return false;
    into.name = view_of(parts[0].get_string());
    into.arguments = std::move(parts[1].get_object());
    into.call_id = view_of(parts[2].get_string());
    return true;
}

std::optional<request_problem> read_calls(json::object& from, api_request& into) {
    auto* given = from.if_contains("methodCalls");
    if (given == nullptr || !given->is_array())
        return no_request("\"methodCalls\" has to be a list of calls.");
    auto& calls = given->get_array();
    if (calls.size() > request_limits::max_calls)
        return over("maxCallsInRequest", "A request may have 32 calls. Send several requests.");
    for (auto& one : calls)
        if (!read_call(one, into.calls.emplace_back()))
            return no_request("A call is a list of a name, an object, and a call id.");
    return std::nullopt;
}

std::optional<request_problem> read_created_ids(json::object& from, api_request& into) {
    auto* given = from.if_contains("createdIds");
    if (given == nullptr) return std::nullopt;
    const auto* ids = given->if_object();
    const auto is_pair = [](const auto& one) {
        return is_id(view_of(one.key())) && one.value().is_string() &&
               is_id(view_of(one.value().get_string()));
    };
    if (ids == nullptr || !std::all_of(ids->begin(), ids->end(), is_pair))
        return no_request("\"createdIds\" has to be an object of ids.");
    if (ids->size() > request_limits::max_created_ids)
        return no_request("\"createdIds\" may hold 1,000 ids.");
    into.has_created_ids = true;
    into.created_ids = std::move(given->get_object());
    return std::nullopt;
}

}  // namespace

bool api_request::may_use(std::string_view capability) const noexcept {
    return std::find(uses.begin(), uses.end(), capability) != uses.end();
}

std::string_view type_of(problem_kind what) noexcept {
    switch (what) {
    case problem_kind::unknown_capability: return "urn:ietf:params:jmap:error:unknownCapability";
    case problem_kind::not_json: return "urn:ietf:params:jmap:error:notJSON";
    case problem_kind::not_request: break;
    case problem_kind::limit: return "urn:ietf:params:jmap:error:limit";
    }
    return "urn:ietf:params:jmap:error:notRequest";
}

std::string to_text(const request_problem& what) {
    json::object said;
    said["type"] = type_of(what.what);
    said["status"] = 400;
    said["detail"] = what.detail;
    if (!what.limit.empty()) said["limit"] = what.limit;
    return json::serialize(said);
}

read_request parse_request(std::string_view body,
                           const std::vector<std::string_view>& capabilities) {
    read_request read;
    json::value value;
    read.problem = problem_of(
        parse_json(body, {request_limits::max_depth, request_limits::max_values}, value));
    if (read.problem) return read;
    auto* object = value.if_object();
    if (object == nullptr) {
        read.problem = no_request("A request is a JSON object.");
        return read;
    }
    read.problem = read_using(*object, capabilities, read.request);
    if (!read.problem) read.problem = read_calls(*object, read.request);
    if (!read.problem) read.problem = read_created_ids(*object, read.request);
    return read;
}

bool is_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 255 && std::all_of(text.begin(), text.end(), [](char c) {
        return ascii::is_alnum(c) || c == '-' || c == '_';
    });
}

}  // namespace hauspost::jmap
