#include "protocols/jmap/session/jmap_handler.hpp"

#include "base/ascii.hpp"
#include "protocols/http/problem.hpp"
#include "protocols/jmap/limits.hpp"
#include "protocols/jmap/request.hpp"
#include "protocols/jmap/session/basic_login.hpp"
#include "protocols/jmap/session/method_table.hpp"
#include "protocols/jmap/session/run_request.hpp"
#include "protocols/jmap/session/session_object.hpp"

#include <optional>
#include <utility>

namespace hauspost::jmap {
namespace {

constexpr std::string_view session_path = "/.well-known/jmap";
constexpr std::string_view api_path = "/jmap/api";
constexpr std::string_view own_folder = "/jmap/";

/// Shorter requests are taken apart in place, in some 0.3 ms.
constexpr std::size_t short_request_octets = 32 * 1024;

/// Of all answers that slow clients are still taking.
constexpr std::size_t max_download_octets = std::size_t{512} * 1024 * 1024;

/// Nothing that is answered here is a page: no browser shall take it for one, or show it in one.
http::header_block make_standing() {
    http::header_block made;
    made.add("X-Content-Type-Options", "nosniff");
    made.add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    made.add("Referrer-Policy", "no-referrer");
    made.add("Cross-Origin-Resource-Policy", "same-origin");
    return made;
}

http::response json_response(unsigned status,
                             std::string_view type,
                             std::string text,
                             std::string_view route) {
    http::response made(status, type, std::move(text));
    made.fields.set("Cache-Control", "no-store");
    made.route = route;
    return made;
}

http::response problem_response(const request_problem& what) {
    return json_response(400, "application/problem+json", to_text(what), "jmap.api");
}

request_problem over_limit(std::string_view limit, std::string detail) {
    return {request_problem::kind::limit, std::move(detail), std::string(limit)};
}

bool says_json(const http::request_head& head) {
    const auto type = head.fields.find("Content-Type").value_or("");
    return ascii::equal_nocase(ascii::trimmed(type.substr(0, type.find(';'))), "application/json");
}

std::string origin_of(const http::request_head& head,
                      const door_settings& settings,
                      bool is_encrypted) {
    std::string made = is_encrypted ? "https://" : "http://";
    made += head.host.name.empty() ? settings.hostname : head.host.name;
    if (head.host.port) made += ':' + std::to_string(*head.host.port);
    return made;
}

http::head_verdict at_once(http::response given) {
    return http::head_verdict(http::answer(std::move(given)));
}

/// What is wrong with a request's head, whoever asks. nullopt: nothing.
std::optional<http::response> find_fault(const http::request_head& head) {
    if (head.path != api_path) {
        if (head.path != session_path && !parse_download_path(head.path)) return http::not_found();
        if (!head.is_read_only()) return http::method_not_allowed("GET, HEAD");
        return std::nullopt;
    }
    if (head.verb != http::method::post) return http::method_not_allowed("POST");
    if (!says_json(head))
        return problem_response(
            {request_problem::kind::not_json, "A request has the type application/json.", {}});
    if (head.content_length.value_or(0) > request_limits::max_size_request)
        return problem_response(over_limit("maxSizeRequest", "The request is too large."));
    return std::nullopt;
}

}  // namespace

jmap_handler::jmap_handler(const session_ports& ports, door_settings settings)
    : ports_(ports),
      settings_(std::move(settings)),
      standing_(make_standing()),
      gate_(request_limits::max_concurrent_requests),
      room_(std::make_shared<download_room>(max_download_octets)) {}

bool jmap_handler::owns(std::string_view path) noexcept {
    return path == session_path || path.starts_with(own_folder);
}

/// Who asks is known before a body is read, and looked at again when it is there: that costs one
/// small read, since the port remembers.
awaitable<http::head_verdict> jmap_handler::on_head(const http::request_head& head,
                                                    const http::client& from) {
    if (auto fault = find_fault(head)) co_return at_once(std::move(*fault));
    if (!head.has_body() && head.is_read_only()) co_return http::head_verdict(0);
    auto login = log_in(ports_, settings_, head, from);
    auto verdict = co_await std::move(login);
    if (verdict.refused) co_return at_once(std::move(*verdict.refused));
    co_return http::head_verdict(head.is_read_only() ? 0 : request_limits::max_size_request);
}

awaitable<http::answer> jmap_handler::on_request(http::request asked, const http::client& from) {
    auto login = log_in(ports_, settings_, asked.head, from);
    auto verdict = co_await std::move(login);
    if (verdict.refused) co_return std::move(*verdict.refused);
    auto place = std::make_shared<const request_gate::place>(gate_, verdict.user->account);
    if (!*place)
        co_return problem_response(
            over_limit("maxConcurrentRequests", "16 requests of this account are being served."));
    auto giving = give(*verdict.user, std::move(asked), from);
    auto given = co_await std::move(giving);
    // A client that is slow to take its answer has a request open as long.
    using both = std::pair<std::shared_ptr<const void>, std::shared_ptr<const void>>;
    given.keeps = std::make_shared<const both>(std::move(given.keeps), std::move(place));
    co_return given;
}

awaitable<http::answer> jmap_handler::give(const sasl::identity& user,
                                           http::request asked,
                                           const http::client& from) {
    auto listing = list_accounts(ports_, user);
    const auto accounts = co_await std::move(listing);
    if (!accounts)
        co_return http::to_response(
            http::problem(503, "unavailable", "The server is busy. Try again in some seconds."));
    if (asked.head.path == session_path)
        co_return json_response(200, "application/json",
                                session_text(*accounts, user, settings_,
                                             origin_of(asked.head, settings_, from.is_encrypted)),
                                "jmap.session");
    std::size_t room = max_answer_octets;
    const call_context with{ports_, settings_, user, *accounts, room};
    if (asked.head.path != api_path) {
        auto giving = download(with, room_, asked.head);
        auto file = co_await std::move(giving);
        co_return std::move(file);
    }
    auto running = run(with, std::move(asked.body), from);
    co_return co_await std::move(running);
}

awaitable<http::answer> jmap_handler::run(const call_context& with,
                                          std::string body,
                                          const http::client& from) {
    auto work = [&body] { return parse_request(body, capabilities()); };
    std::optional<read_request> read;
    if (body.size() <= short_request_octets)
        read = work();
    else
        read = co_await ports_.workers.run(std::move(work));
    if (!read)
        co_return http::to_response(
            http::problem(503, "unavailable", "The server is busy. Try again in some seconds."));
    if (read->problem) co_return problem_response(*read->problem);
    const sessions::session_log log(from.peer, "jmap");
    auto running = run_request(with, std::move(read->request), log);
    auto text = co_await std::move(running);
    co_return json_response(200, "application/json", std::move(text), "jmap.api");
}

}  // namespace hauspost::jmap
