#pragma once

#include "server/tls_policy/https_client.hpp"
#include "server/tls_policy/report_door.hpp"

namespace hauspost::tls_policy {

/// Hands reports to HTTPS servers, which must prove by their certificates who they are: RFC 8460 3
/// would allow less.
///
/// Lifetime: the client must outlive it. Thread: the client's.
class https_reports final : public report_door {
public:
    explicit https_reports(https_client& hosts) : hosts_(hosts) {}

    awaitable<std::string> hand_over(tls_report::https_place to, std::string gzipped) override;

private:
    https_client& hosts_;
};

}  // namespace hauspost::tls_policy
