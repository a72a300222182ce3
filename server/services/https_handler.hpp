#pragma once

#include "protocols/jmap/session/jmap_handler.hpp"
#include "server/client_setup/setup_handlers.hpp"

namespace hauspost::server {

/// What stands behind HTTPS for everybody: JMAP for who has an account, and for mail programs what
/// they ask to set one up.
///
/// Lifetime: what it is given must outlive it. Thread: any.
class https_handler final : public http::handler {
public:
    https_handler(client_setup::setup_answers& names,
                  client_setup::secure_handler& setup,
                  jmap::jmap_handler& mail)
        : names_(names), setup_(setup), mail_(mail) {}

    awaitable<http::head_verdict> on_head(const http::request_head& head,
                                          const http::client& from) override;
    awaitable<http::answer> on_request(http::request asked, const http::client& from) override;
    [[nodiscard]] const http::header_block& standing_fields() const noexcept override {
        return mail_.standing_fields();
    }

private:
    client_setup::setup_answers& names_;
    client_setup::secure_handler& setup_;
    jmap::jmap_handler& mail_;
};

}  // namespace hauspost::server
