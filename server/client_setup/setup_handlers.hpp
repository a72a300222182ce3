#pragma once

#include "protocols/http/session/handler.hpp"
#include "server/client_setup/setup_answers.hpp"

namespace hauspost::client_setup {

/// HTTPS: answers mail programs that ask how an account is set up, and nothing else.
class secure_handler final : public http::handler {
public:
    /// with  must outlive it
    explicit secure_handler(setup_answers& with);

    /// Refuses  421: a name that is not ours; 404: any other path; 405; 413
    awaitable<http::head_verdict> on_head(const http::request_head& head,
                                          const http::client& from) override;
    awaitable<http::answer> on_request(http::request asked, const http::client& from) override;
    [[nodiscard]] const http::header_block& standing_fields() const noexcept override {
        return standing_;
    }

private:
    setup_answers& answers_;
    const http::header_block standing_;
};

/// HTTP: only what has to work without TLS, since a domain's own names may lead to a server whose
/// certificate does not have them: Thunderbird's set-up, and the way to Outlook's. All else is led
/// to HTTPS, at the server's own name, whatever host was asked for. No body is ever taken.
class plain_handler final : public http::handler {
public:
    explicit plain_handler(setup_answers& with);

    awaitable<http::head_verdict> on_head(const http::request_head& head,
                                          const http::client& from) override;
    awaitable<http::answer> on_request(http::request asked, const http::client& from) override;
    [[nodiscard]] const http::header_block& standing_fields() const noexcept override {
        return standing_;
    }

private:
    setup_answers& answers_;
    const http::header_block standing_;
};

}  // namespace hauspost::client_setup
