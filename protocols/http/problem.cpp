#include "protocols/http/problem.hpp"

#include "protocols/http/status.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace hauspost::http {
namespace {

/// What a request that is refused by a session lacks, in a sentence.
std::string_view sentence_of(unsigned status) noexcept {
    switch (status) {
    case 408: return "The request did not come whole in time: send it again.";
    case 413: return "The body is longer than what is read here: send less at once.";
    case 414: return "The address in the request is too long.";
    case 417: return "The request expects what this server does not do.";
    case 431: return "The fields of the request are too many or too long.";
    case 500: return "The server could not do this because of a fault; its log says more.";
    case 501: return "The server does not know this method.";
    case 505: return "The server speaks HTTP/1.1.";
    default: return "The request is not well-formed HTTP.";
    }
}

}  // namespace

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
    auto made =
        to_response(problem(what.status, what.reason, std::string(sentence_of(what.status))));
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
