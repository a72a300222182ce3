#include "server/tls_policy/https_reports.hpp"

#include <utility>

namespace hauspost::tls_policy {
namespace {

constexpr unsigned first_good_status = 200;
constexpr unsigned first_other_status = 300;

}  // namespace

awaitable<std::string> https_reports::hand_over(tls_report::https_place to, std::string gzipped) {
    https_question question;
    question.host = std::move(to.host);
    question.port = to.port;
    question.target = std::move(to.target);
    question.content_type = "application/tlsrpt+gzip";
    question.body = std::move(gzipped);
    auto answer = co_await hosts_.ask(std::move(question));
    if (answer.how != https_answer::verdict::answered) co_return std::move(answer.why);
    // RFC 8460 5.4: any of success.
    if (answer.got.status >= first_good_status && answer.got.status < first_other_status)
        co_return std::string();
    co_return "HTTP status " + std::to_string(answer.got.status);
}

}  // namespace hauspost::tls_policy
