#pragma once

#include "protocols/http/session/handler.hpp"
#include "protocols/jmap/session/call.hpp"
#include "protocols/jmap/session/download.hpp"
#include "protocols/jmap/session/ports.hpp"
#include "protocols/jmap/session/request_gate.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace hauspost::jmap {

/// JMAP by HTTP: the session object, requests, and what is to be downloaded. Each request shows a
/// password; cookies mean nothing here, and there is no field that lets another site's page read an
/// answer.
///
///     GET  /.well-known/jmap                              the session object
///     POST /jmap/api                                      a request
///     GET  /jmap/download/ACCOUNT/BLOB/NAME?type=TYPE     octets of a message or of a part
///
/// Lifetime: what it is given must outlive it. Thread: any.
/// RFC  8620 2, 2.2, 3, 6.2
class jmap_handler final : public http::handler {
public:
    jmap_handler(const session_ports& ports, door_settings settings);

    /// Whether a path is one of these.
    [[nodiscard]] static bool owns(std::string_view path) noexcept;

    awaitable<http::head_verdict> on_head(const http::request_head& head,
                                          const http::client& from) override;
    awaitable<http::answer> on_request(http::request asked, const http::client& from) override;
    [[nodiscard]] const http::header_block& standing_fields() const noexcept override {
        return standing_;
    }

private:
    awaitable<http::answer> give(const sasl::identity& user,
                                 http::request asked,
                                 const http::client& from);
    awaitable<http::answer> run(const call_context& with,
                                std::string body,
                                const http::client& from);

    const session_ports ports_;
    const door_settings settings_;
    const http::header_block standing_;
    request_gate gate_;
    const std::shared_ptr<download_room> room_;
};

}  // namespace hauspost::jmap
