#include "server/services/https_handler.hpp"

#include "base/ascii.hpp"
#include "protocols/http/problem.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::server {
namespace {

/// An address is nobody's name, and no other name leads to it.
bool is_own_machine_or_address(std::string_view host) noexcept {
    if (host.empty() || host.starts_with('[') || host == "localhost") return true;
    return std::all_of(host.begin(), host.end(),
                       [](char c) { return ascii::is_digit(c) || c == '.'; });
}

}  // namespace

awaitable<http::head_verdict> https_handler::on_head(const http::request_head& head,
                                                     const http::client& from) {
    if (!jmap::jmap_handler::owns(head.path)) {
        auto deciding = setup_.on_head(head, from);
        co_return co_await std::move(deciding);
    }
    bool is_ours = is_own_machine_or_address(head.host.name);
    if (!is_ours) {
        auto looking = names_.is_ours(head.host.name);
        is_ours = co_await std::move(looking);
    }
    if (!is_ours)
        co_return http::head_verdict(
            http::answer(http::to_response(http::problem(421, "unknown_host"))));
    auto deciding = mail_.on_head(head, from);
    co_return co_await std::move(deciding);
}

awaitable<http::answer> https_handler::on_request(http::request asked, const http::client& from) {
    http::handler& behind = jmap::jmap_handler::owns(asked.head.path)
                                ? static_cast<http::handler&>(mail_)
                                : static_cast<http::handler&>(setup_);
    auto answering = behind.on_request(std::move(asked), from);
    co_return co_await std::move(answering);
}

}  // namespace hauspost::server
