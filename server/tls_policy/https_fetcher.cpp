#include "server/tls_policy/https_fetcher.hpp"

#include "base/ascii.hpp"
#include "protocols/mta_sts/policy.hpp"

#include <string_view>
#include <utility>

namespace hauspost::tls_policy {
namespace {

constexpr unsigned status_ok = 200;

fetched_policy failed(fetch_verdict verdict, std::string why) {
    fetched_policy made;
    made.verdict = verdict;
    made.why = std::move(why);
    return made;
}

/// RFC 8461 3.3: a host where strangers may put their own pages has other types for these.
bool is_plain_text(std::string_view content_type) {
    return ascii::equal_nocase(ascii::trimmed(content_type.substr(0, content_type.find(';'))),
                               "text/plain");
}

fetched_policy taken(https::response got, const std::string& host) {
    if (got.status != status_ok)
        return failed(fetch_verdict::not_reached,
                      host + ": HTTP status " + std::to_string(got.status));
    if (!is_plain_text(got.content_type))
        return failed(fetch_verdict::not_reached, host + ": the policy is not text/plain");
    fetched_policy made;
    made.verdict = fetch_verdict::fetched;
    made.text = std::move(got.body);
    return made;
}

}  // namespace

awaitable<fetched_policy> https_fetcher::fetch(std::string domain) {
    const auto host = "mta-sts." + domain;
    https_question question;
    question.host = host;
    question.port = hosts_.settings().port;
    question.target = "/.well-known/mta-sts.txt";
    question.max_body_octets = mta_sts::max_policy_octets;
    auto answer = co_await hosts_.ask(std::move(question));
    using enum https_answer::verdict;
    if (answer.how == answered) co_return taken(std::move(answer.got), host);
    co_return failed(
        answer.how == not_trusted ? fetch_verdict::not_trusted : fetch_verdict::not_reached,
        std::move(answer.why));
}

}  // namespace hauspost::tls_policy
