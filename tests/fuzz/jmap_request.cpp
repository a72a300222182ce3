// Requests by JMAP: no crash; what is taken is within its bounds, references bring no more than
// theirs, and each part of a query is read or refused.

#include "protocols/jmap/email_filter.hpp"
#include "protocols/jmap/header_property.hpp"
#include "protocols/jmap/limits.hpp"
#include "protocols/jmap/patch.hpp"
#include "protocols/jmap/request.hpp"
#include "protocols/jmap/result_reference.hpp"

#include <boost/json/serialize.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace hauspost::jmap;

void must(bool holds) {
    if (!holds) std::abort();
}

void read_query(const json::object& arguments) {
    std::optional<method_error> wrong;
    const auto filter = parse_email_filter(arguments.if_contains("filter"), wrong);
    if (!wrong) {
        must(!filter.nodes.empty());
        must(filter.nodes.front().length == filter.nodes.size());
    }
    wrong.reset();
    must(parse_sort(arguments.if_contains("sort"), wrong).size() <=
         request_limits::max_comparators);
    wrong.reset();
    const auto window = parse_window(arguments, wrong);
    if (!wrong) must(begin_of(window, 10, 3) <= 10);
}

void read_others(const json::object& arguments) {
    if (const auto* patch = arguments.if_contains("update"); patch && patch->is_object()) {
        auto to = arguments;
        (void)apply_patch(to, patch->get_object());
    }
    for (const auto& [name, value] : arguments) {
        (void)value;
        if (const auto property = parse_header_property(view_of(name)))
            (void)value_of("From: a@a.example\r\nFrom: <b>\r\n\r\n", *property);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::vector<std::string_view> capabilities{"urn:ietf:params:jmap:core",
                                                            "urn:ietf:params:jmap:mail"};
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    auto read = parse_request(body, capabilities);
    if (read.problem) {
        must(!to_text(*read.problem).empty());
        return 0;
    }
    must(read.request.calls.size() <= request_limits::max_calls);
    std::vector<invocation> answered;
    std::size_t budget = 100'000;
    for (auto& call : read.request.calls) {
        (void)resolve_references(call.arguments, answered, budget);
        read_query(call.arguments);
        read_others(call.arguments);
        (void)json::serialize(call.arguments);
        answered.push_back(std::move(call));
    }
    return 0;
}
