#include "protocols/jmap/session/basic_login.hpp"

#include "base/ascii.hpp"
#include "base/base64.hpp"
#include "base/log.hpp"
#include "protocols/access/login_refusal.hpp"
#include "protocols/http/problem.hpp"
#include "protocols/sessions/session_log.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::jmap {
namespace {

http::response ask_for_password(const http::request_head& head, std::string_view detail) {
    auto made = http::to_response(http::problem(401, "not_signed_in", std::string(detail)));
    if (!head.fields.find("Sec-Fetch-Mode"))
        made.fields.add("WWW-Authenticate", "Basic realm=\"Hauspost\", charset=\"UTF-8\"");
    return made;
}

http::response refuse_login(const http::request_head& head, error_code why) {
    const auto& refusal = access::refusal_of(why);
    if (why == make_error_code(sasl::errc::wrong)) return ask_for_password(head, refusal.text);
    if (why == make_error_code(sasl::errc::disabled))
        return http::to_response(http::problem(403, "account_off", std::string(refusal.text)));
    const bool is_banned = why == make_error_code(sasl::errc::throttled);
    auto made = http::to_response(
        http::problem(is_banned ? 429 : 503, refusal.log, std::string(refusal.text)));
    made.fields.add("Retry-After", is_banned ? "600" : "3");
    return made;
}

}  // namespace

std::optional<basic_credentials> parse_basic(std::string_view authorization) {
    constexpr std::size_t scheme_octets = 6;
    if (!ascii::starts_with_nocase(authorization, "Basic ")) return std::nullopt;
    const auto decoded = base64::decode(ascii::trimmed(authorization.substr(scheme_octets)));
    if (!decoded) return std::nullopt;
    const auto colon = decoded->find(':');
    if (colon == std::string::npos || colon == 0) return std::nullopt;
    if (std::any_of(decoded->begin(), decoded->end(), ascii::is_control)) return std::nullopt;
    return basic_credentials{decoded->substr(0, colon), secret(decoded->substr(colon + 1))};
}

awaitable<login_verdict> log_in(const session_ports& ports,
                                const door_settings& settings,
                                const http::request_head& head,
                                const http::client& from) {
    const sessions::session_log log(from.peer, "jmap");
    login_verdict verdict;
    if (!from.is_encrypted && !from.peer.is_loopback) {
        verdict.refused = http::to_response(
            http::problem(403, "not_encrypted", "Signing in needs TLS: ask by https."));
        co_return verdict;
    }
    const auto field = head.fields.find("Authorization");
    if (!field) {
        verdict.refused = ask_for_password(head, "Sign in with the whole address and password.");
        co_return verdict;
    }
    auto shown = parse_basic(*field);
    if (!shown) {
        verdict.refused = ask_for_password(head, "Only Basic of RFC 7617 is spoken here.");
        co_return verdict;
    }
    const auto nothing = [](account_id) {};
    const function_ref<void(account_id)> listen(nothing);
    std::string name = shown->user;
    std::string address = from.peer.address;
    auto checking =
        ports.login.check(std::move(name), std::move(shown->password), std::move(address), listen);
    auto user = co_await std::move(checking);
    if (user) {
        verdict.user = std::move(*user);
        co_return verdict;
    }
    log.info("login_failed", "peer={} user={} reason={}", from.peer.address, log_safe(shown->user),
             access::refusal_of(user.error()).log);
    co_await ports.time.pause(settings.login_delay);
    verdict.refused = refuse_login(head, user.error());
    co_return verdict;
}

}  // namespace hauspost::jmap
