#pragma once

#include "admin/web/office.hpp"
#include "protocols/http/file_set.hpp"
#include "protocols/http/session/handler.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::admin::web {

/// The files of the page, and the policy for what it may load.
struct page_files {
    std::span<const http::static_file> files;
    std::string_view content_security_policy;
};

/// The owner's page: its files for everybody, its API for who has signed in.
///
/// API: POST with a JSON object and the field "X-Hauspost", of a page of this very server. Below
/// /api/ each command of admin/api has its path; beside them
///
///   session/state  who is there: {"state": "no_owner" | "setup" (with the link's session) |
///                  "signed_out" | "signed_in", ...}
///   session/open   {"password", "code"}: signs in
///   session/close  signs out
///   setup/open     {"secret"}: spends the set-up link
///
/// GET /api/events with the field "X-Hauspost" is an event stream (page_stream), for as long as the
/// session stands.
///
/// A session is a cookie that no script can read and no other site can send. What another site's
/// page asks for is refused before its body is read: by Sec-Fetch-Site, by Origin, by the type of
/// the body and by a field that no form can send; each alone would do.
///
/// Thread: any.
/// RFC  9110, 9457, 6265bis
class owner_handler final : public http::handler {
public:
    owner_handler(office with, const page_files& page);

    awaitable<http::head_verdict> on_head(const http::request_head& head,
                                          const http::client& from) override;
    awaitable<http::answer> on_request(http::request asked, const http::client& from) override;
    [[nodiscard]] const http::header_block& standing_fields() const noexcept override {
        return standing_;
    }

    /// What a call of somebody without a session may hold; with one it is api::max_request_octets.
    static constexpr std::size_t max_stranger_octets = 8 * 1024;

private:
    /// is_used  false: the session does not live longer by it
    awaitable<std::optional<storage::web_session>> session_of(const http::request_head& head,
                                                              bool is_used);
    [[nodiscard]] http::answer give_file(const http::request_head& head) const;
    awaitable<http::answer> give_state(std::optional<storage::web_session> here);
    awaitable<http::answer> open_session(api::json::object given, visitor who);
    awaitable<http::answer> open_setup_session(api::json::object given, visitor who);
    awaitable<http::answer> close_session(std::optional<secret> id);
    awaitable<http::answer> give_events(const http::request_head& head);
    awaitable<http::answer> run_command(std::string command,
                                        api::json::object given,
                                        std::optional<storage::web_session> here,
                                        visitor who);

    const office with_;
    const std::vector<std::string> names_;  // of this server, but for addresses
    const http::file_set files_;
    http::header_block standing_;
};

}  // namespace hauspost::admin::web
