#include "server/client_setup/setup_handlers.hpp"

#include "protocols/client_setup/autodiscover_request.hpp"
#include "protocols/http/problem.hpp"
#include "server/client_setup/setup_paths.hpp"

#include <utility>

namespace hauspost::client_setup {
namespace {

constexpr std::string_view well_known = "/.well-known/";
constexpr std::string_view read_methods = "GET, HEAD";

/// Nothing that is answered here is a page: no browser shall take it for one, or show it in one.
http::header_block make_standing() {
    http::header_block made;
    made.add("X-Content-Type-Options", "nosniff");
    made.add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    made.add("Referrer-Policy", "no-referrer");
    return made;
}

http::response redirect(unsigned status, const std::string& to, const char* route) {
    http::response made(status);
    made.fields.add("Location", to);
    made.route = route;
    return made;
}

http::head_verdict at_once(http::response given) {
    return http::head_verdict(http::answer(std::move(given)));
}

http::head_verdict within(std::size_t most) {
    return http::head_verdict(most);
}

}  // namespace

secure_handler::secure_handler(setup_answers& with) : answers_(with), standing_(make_standing()) {}

awaitable<http::head_verdict> secure_handler::on_head(const http::request_head& head,
                                                      const http::client&) {
    auto looking = answers_.is_ours(head.host.name);
    const bool is_ours = co_await std::move(looking);
    if (!is_ours) co_return at_once(http::to_response(http::problem(421, "unknown_host")));
    switch (find_document(head.path)) {
    case document::none: break;
    case document::autoconfig:
    case document::profile:
    case document::autodiscover_json:
        if (!head.is_read_only()) co_return at_once(http::method_not_allowed(read_methods));
        co_return within(0);
    case document::autodiscover:
        if (head.is_read_only()) co_return within(0);
        if (head.verb == http::method::post) co_return within(max_autodiscover_request_octets);
        co_return at_once(http::method_not_allowed("GET, HEAD, POST"));
    }
    co_return at_once(http::not_found());
}

awaitable<http::answer> secure_handler::on_request(http::request asked, const http::client&) {
    const auto wanted = find_document(asked.head.path);
    if (wanted == document::none) co_return http::not_found();
    auto answer = answers_.document_of(wanted, std::move(asked));
    co_return co_await std::move(answer);
}

plain_handler::plain_handler(setup_answers& with) : answers_(with), standing_(make_standing()) {}

awaitable<http::head_verdict> plain_handler::on_head(const http::request_head& head,
                                                     const http::client&) {
    if (!head.is_read_only()) co_return at_once(http::method_not_allowed(read_methods));
    co_return within(0);
}

awaitable<http::answer> plain_handler::on_request(http::request asked, const http::client&) {
    const auto& config = answers_.config();
    const auto wanted = find_document(asked.head.path);
    if (wanted == document::autoconfig) {
        auto answer = answers_.document_of(wanted, std::move(asked));
        co_return co_await std::move(answer);
    }
    if (config.https_port == 0 || asked.head.path.starts_with(well_known))
        co_return http::not_found();
    const auto origin = https_origin(config.services.hostname, config.https_port);
    // Outlook follows 302 alone.
    if (wanted == document::autodiscover)
        co_return redirect(302, origin + "/autodiscover/autodiscover.xml", "client_setup.redirect");
    co_return redirect(301, origin + encoded_target(asked.head), "redirect");
}

}  // namespace hauspost::client_setup
