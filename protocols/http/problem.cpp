#include "protocols/http/problem.hpp"

#include "protocols/http/status.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace hauspost::http {

response to_response(const problem& what) {
    const auto title = phrase_of(what.status);
    boost::json::object told;
    told["type"] = "about:blank";
    told["title"] = boost::json::string_view(title.data(), title.size());
    told["status"] = what.status;
    told["code"] = what.code;
    if (!what.detail.empty()) told["detail"] = what.detail;
    response made(what.status, "application/problem+json", boost::json::serialize(told));
    made.fields.add("Cache-Control", "no-store");
    made.route = "problem";
    return made;
}

response to_response(const refusal& what) {
    auto made = to_response(problem(what.status, what.reason));
    made.closes = true;
    return made;
}

response not_found() {
    return to_response(problem(404, "not_found"));
}

response method_not_allowed(std::string_view allowed) {
    auto made = to_response(problem(405, "method_not_allowed"));
    made.fields.add("Allow", allowed);
    return made;
}

}  // namespace hauspost::http
