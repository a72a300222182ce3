#include "admin/web/owner_handler.hpp"

#include "admin/api/in_json.hpp"
#include "admin/web/api_path.hpp"
#include "admin/web/failure_status.hpp"
#include "admin/web/places.hpp"
#include "base/ascii.hpp"
#include "protocols/http/cookie.hpp"
#include "protocols/http/origin.hpp"
#include "protocols/http/problem.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace hauspost::admin::web {
namespace {

/// "__Host-": by TLS alone, for this host alone, set by nobody else (RFC 6265bis 4.1.3.2). Ports
/// share cookies, so what else this host serves needs another name.
constexpr std::string_view cookie_name = "__Host-hauspost-owner";
/// No form and no simple request of another site can send it (Fetch 2.2.2).
constexpr std::string_view own_field = "X-Hauspost";
constexpr std::string_view events_path = "/api/events";
constexpr unsigned full_retry_seconds = 30;
/// In what a page asks for by itself: a session does not live longer by it.
constexpr std::string_view idle_field = "X-Hauspost-Idle";

bool is_api(const http::request_head& head) noexcept {
    return head.path.starts_with(api_folder);
}

/// A name that somebody else may have pointed at this server is not its own (DNS rebinding); an
/// address is nobody's name.
bool is_address(std::string_view host) noexcept {
    if (host.starts_with('[')) return true;
    return !host.empty() && std::all_of(host.begin(), host.end(),
                                        [](char c) { return ascii::is_digit(c) || c == '.'; });
}

bool asks_for_events(const http::request_head& head) noexcept {
    return head.path == events_path && head.verb == http::method::get;
}

bool has_json(const http::request_head& head) {
    const auto type = head.fields.find("Content-Type").value_or("");
    return ascii::equal_nocase(ascii::trimmed(type.substr(0, type.find(';'))), "application/json");
}

http::answer refuse(unsigned status, std::string_view code, std::string text) {
    return http::to_response(http::problem(status, code, std::move(text)));
}

http::answer only_post() {
    auto made =
        http::to_response(http::problem(405, "method_not_allowed", "A call of the API is a POST."));
    made.fields.add("Allow", "POST");
    return made;
}

/// nullopt: a call of the API may go on. Each of these alone keeps other sites' pages out.
std::optional<http::answer> find_fault(const http::request_head& head, const http::client& from) {
    const bool is_stream = asks_for_events(head);
    if (head.verb != http::method::post && !is_stream) return only_post();
    // A browser says no Origin in a GET of an own page: there the field alone may do.
    const bool is_named = head.fields.find("Origin") || head.fields.find("Sec-Fetch-Site");
    if ((!is_stream || is_named) && !http::is_from_own_page(head, from.is_encrypted))
        return refuse(403, "not_own_page", "Only the owner's page itself may ask this.");
    if (!head.fields.find(own_field))
        return refuse(403, "no_own_field", "A call of the API has the field X-Hauspost.");
    if (!is_stream && !has_json(head))
        return refuse(415, "not_json", "A call of the API has a JSON object as its body.");
    return std::nullopt;
}

http::response object_response(const api::json::object& said) {
    http::response made(200, "application/json", api::json::serialize(said));
    made.fields.set("Cache-Control", "no-store");
    return made;
}

http::answer to_answer(const api::answer& done) {
    return done ? object_response(*done) : to_response(done.error());
}

const char* state_of(const std::optional<storage::web_session>& here, bool has_owner) {
    if (here) return here->is_setup ? "setup" : "signed_in";
    return has_owner ? "signed_out" : "no_owner";
}

void give_cookie(http::header_block& fields, const opened_session& opened) {
    http::cookie made;
    made.name = cookie_name;
    made.value = std::string(opened.id.reveal());
    http::set_cookie(fields, made);
}

std::optional<secret> session_id_of(const http::request_head& head) {
    const auto value = http::find_cookie(head.fields, cookie_name);
    if (!value) return std::nullopt;
    return secret(std::string(*value));
}

/// nullopt: it is missing, or no text.
std::optional<secret> secret_in(const api::json::object& given, const char* key) {
    const auto* value = given.if_contains(key);
    if (value == nullptr || !value->is_string()) return std::nullopt;
    return secret(std::string(value->get_string()));
}

caller caller_of(const storage::web_session& here, visitor who) {
    caller made;
    made.who = here.is_setup ? storage::audit_actor::setup : storage::audit_actor::owner;
    made.from = std::move(who.address);
    made.agent = std::move(who.agent);
    made.session = here.key;
    return made;
}

http::answer opened_answer(const outcome<opened_session>& opened) {
    if (!opened) return to_response(api::failure_of(opened.error(), page_places));
    auto made = object_response({});
    give_cookie(made.fields, *opened);
    return made;
}

}  // namespace

owner_handler::owner_handler(office with, const page_files& page)
    : with_(std::move(with)),
      names_{"localhost", ascii::lowered(with_.hostname)},
      files_(page.files) {
    standing_.set("Content-Security-Policy", page.content_security_policy)
        .set("X-Content-Type-Options", "nosniff")
        .set("X-Frame-Options", "DENY")
        .set("Referrer-Policy", "no-referrer")
        .set("Cross-Origin-Opener-Policy", "same-origin")
        .set("Cross-Origin-Resource-Policy", "same-origin")
        .set("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
}

awaitable<http::head_verdict> owner_handler::on_head(const http::request_head& head,
                                                     const http::client& from) {
    if (!is_address(head.host.name) && !http::is_meant_for(head, names_))
        co_return http::head_verdict(refuse(421, "other_host", "This server has another name."));
    if (!is_api(head)) co_return http::head_verdict(give_file(head));
    if (auto fault = find_fault(head, from)) co_return http::head_verdict(std::move(*fault));
    const auto here = co_await session_of(head, false);
    co_return http::head_verdict(here ? api::max_request_octets : max_stranger_octets);
}

awaitable<std::optional<storage::web_session>> owner_handler::session_of(
    const http::request_head& head, bool is_used) {
    auto id = session_id_of(head);
    if (!id) co_return std::nullopt;
    auto work = find_session(with_.at, std::move(*id), is_used);
    co_return co_await std::move(work);
}

http::answer owner_handler::give_file(const http::request_head& head) const {
    const auto* file = files_.find(head.path);
    if (file == nullptr) file = files_.find_route(head);
    if (file == nullptr) return http::not_found();
    const auto now = std::chrono::floor<std::chrono::seconds>(with_.at.time.now());
    return http::to_response(head, *file, now);
}

awaitable<http::answer> owner_handler::on_request(http::request asked, const http::client& from) {
    if (asks_for_events(asked.head)) {
        auto done = give_events(asked.head);
        co_return co_await std::move(done);
    }
    auto given = api::parse_request(asked.body);
    if (!given) co_return to_response(given.error());
    visitor who;
    who.address = from.peer.address;
    who.agent = std::string(asked.head.fields.find("User-Agent").value_or(""));
    auto command = command_of(asked.head.path);
    if (!command) co_return http::not_found();
    if (*command == "session open") {
        auto done = open_session(std::move(*given), std::move(who));
        co_return co_await std::move(done);
    }
    if (*command == "setup open") {
        auto done = open_setup_session(std::move(*given), std::move(who));
        co_return co_await std::move(done);
    }
    if (*command == "session close") {
        auto done = close_session(session_id_of(asked.head));
        co_return co_await std::move(done);
    }
    auto here = co_await session_of(asked.head, !asked.head.fields.find(idle_field));
    if (*command == "session state") {
        auto done = give_state(std::move(here));
        co_return co_await std::move(done);
    }
    auto done =
        run_command(std::move(*command), std::move(*given), std::move(here), std::move(who));
    co_return co_await std::move(done);
}

/// Nothing here tells a stranger more than that this is Hauspost, and whether it waits for its owner.
awaitable<http::answer> owner_handler::give_state(std::optional<storage::web_session> here) {
    const auto shown = co_await show_owner(with_.at);
    api::json::object said;
    said["state"] = state_of(here, shown.has_password);
    said["hostname"] = with_.hostname;
    said["language"] = shown.language;
    said["idle_seconds"] = with_.at.page.session_idle.count();
    if (here) {
        const auto domains = co_await with_.at.directory.list_domains();
        said["domains"] = domains.size();
        said["version"] = with_.version;
        said["second_factor"] = shown.is_totp_on;
        said["recovery_codes"] = shown.recovery_codes;
        said["session"] = id_of(*here);
    }
    co_return object_response(said);
}

awaitable<http::answer> owner_handler::open_session(api::json::object given, visitor who) {
    owner_credentials shown;
    auto password = secret_in(given, "password");
    if (!password) co_return to_response(api::wrong_argument("password"));
    shown.password = std::move(*password);
    if (given.contains("code")) {
        auto code = secret_in(given, "code");
        if (!code) co_return to_response(api::wrong_argument("code"));
        shown.code = std::move(*code);
    }
    auto work = sign_in(with_.at, std::move(shown), std::move(who));
    const auto opened = co_await std::move(work);
    co_return opened_answer(opened);
}

awaitable<http::answer> owner_handler::open_setup_session(api::json::object given, visitor who) {
    auto link_secret = secret_in(given, "secret");
    if (!link_secret) co_return to_response(api::wrong_argument("secret"));
    auto work = open_setup(with_.at, std::move(*link_secret), std::move(who));
    const auto opened = co_await std::move(work);
    co_return opened_answer(opened);
}

awaitable<http::answer> owner_handler::close_session(std::optional<secret> id) {
    if (id) {
        auto work = sign_out(with_.at, std::move(*id));
        const auto ended = co_await std::move(work);
        if (!ended) co_return to_response(api::failure_of(ended.error(), page_places));
    }
    auto made = object_response({});
    http::clear_cookie(made.fields, cookie_name);
    co_return made;
}

awaitable<http::answer> owner_handler::give_events(const http::request_head& head) {
    const auto here = co_await session_of(head, false);
    if (!here || here->is_setup)
        co_return to_response(
            api::failure_of(admin::refuse(refusal_code::not_signed_in), page_places));
    auto stream = with_.news.open(
        here->key, [&at = with_.at, key = here->key] { return is_session_open(at, key); });
    if (stream) co_return http::answer(std::move(stream));
    auto full = refuse(503, "too_many_pages",
                       "Too many pages are open to tell this one what changes: it has to ask.");
    full.fields.add("Retry-After", std::to_string(full_retry_seconds));
    co_return full;
}

awaitable<http::answer> owner_handler::run_command(std::string command,
                                                   api::json::object given,
                                                   std::optional<storage::web_session> here,
                                                   visitor who) {
    if (!here)
        co_return to_response(
            api::failure_of(admin::refuse(refusal_code::not_signed_in), page_places));
    given["command"] = command;
    auto caller = caller_of(*here, std::move(who));
    std::optional<opened_session> opened;
    auto work = with_.run(std::move(given), std::move(caller), &opened);
    const auto done = co_await std::move(work);
    auto said = to_answer(done);
    if (opened) give_cookie(said.fields, *opened);
    co_return said;
}

}  // namespace hauspost::admin::web
