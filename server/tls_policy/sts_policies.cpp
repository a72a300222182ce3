#include "server/tls_policy/sts_policies.hpp"

#include "base/log.hpp"
#include "protocols/mta_sts/record.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace hauspost::tls_policy {
namespace {

namespace asio = boost::asio;

constexpr std::int64_t pause_after_failure = 300;  // RFC 8461 3.3: five minutes or more
constexpr std::int64_t longest_unrefreshed = 86'400;
constexpr std::size_t max_failures = 2'000;

sts_policy in_force(const std::optional<storage::kept_policy>& kept) {
    sts_policy made;
    if (!kept) return made;
    made.in_force = mta_sts::parse_policy(kept->text);
    if (made.in_force && made.in_force->mode == mta_sts::policy_mode::none) made.in_force.reset();
    return made;
}

sts_policy with_failure(sts_policy made, std::string failure, std::string why) {
    made.failure = std::move(failure);
    made.why = std::move(why);
    return made;
}

std::string_view failure_of(fetch_verdict verdict) {
    return verdict == fetch_verdict::not_trusted ? "sts-webpki-invalid" : "sts-policy-fetch-error";
}

/// Of a fetch, however it ends: who waits for it goes on.
class running_fetch {
public:
    running_fetch(std::map<std::string, std::shared_ptr<asio::steady_timer>>& all,
                  std::string domain,
                  const asio::any_io_executor& executor)
        : all_(all),
          domain_(std::move(domain)),
          end_(std::make_shared<asio::steady_timer>(executor)) {
        end_->expires_at(asio::steady_timer::time_point::max());
        all_.insert_or_assign(domain_, end_);
    }
    ~running_fetch() {
        end_->cancel();
        const auto here = all_.find(domain_);
        if (here != all_.end() && here->second == end_) all_.erase(here);
    }
    running_fetch(const running_fetch&) = delete;
    running_fetch& operator=(const running_fetch&) = delete;

private:
    std::map<std::string, std::shared_ptr<asio::steady_timer>>& all_;
    const std::string domain_;
    const std::shared_ptr<asio::steady_timer> end_;
};

}  // namespace

std::int64_t sts_policies::now() const {
    return std::chrono::system_clock::to_time_t(ports_.time.now());
}

awaitable<sts_policy> sts_policies::find(std::string domain) {
    auto question = "_mta-sts." + domain;
    const auto texts = co_await ports_.resolver.find_txt(std::move(question));
    std::optional<std::string> id;
    if (texts.what == dns::outcome::found) id = mta_sts::find_id(texts.records);
    if (const auto other = fetches_.find(domain); id && other != fetches_.end()) {
        const auto end = other->second;
        co_await end->async_wait(asio::as_tuple(asio::use_awaitable));
    }
    auto name = domain;
    auto before = co_await kept(std::move(name));
    if (!id || (before && is_current(*before, *id))) co_return in_force(before);
    if (const auto* failed = recent_failure(domain, *id))
        co_return with_failure(in_force(before), failed->failure, failed->why);
    co_return co_await fetch(std::move(domain), std::move(*id), std::move(before));
}

/// nullopt also when its time is over.
awaitable<std::optional<storage::kept_policy>> sts_policies::kept(std::string domain) {
    auto found = co_await ports_.store.find_policy(std::move(domain));
    if (found && found->expires_at <= now()) found.reset();
    co_return found;
}

bool sts_policies::is_current(const storage::kept_policy& kept, const std::string& id) const {
    const auto half = (kept.expires_at - kept.fetched_at) / 2;
    return kept.id == id && now() - kept.fetched_at < std::min(half, longest_unrefreshed);
}

awaitable<sts_policy> sts_policies::fetch(std::string domain,
                                          std::string id,
                                          std::optional<storage::kept_policy> before) {
    const auto executor = co_await asio::this_coro::executor;
    const running_fetch running(fetches_, domain, executor);
    auto name = domain;
    auto got = co_await ports_.fetcher.fetch(std::move(name));
    std::optional<mta_sts::policy> policy;
    if (got.verdict == fetch_verdict::fetched) policy = mta_sts::parse_policy(got.text);
    if (!policy) {
        failed_fetch failed;
        failed.id = std::move(id);
        failed.at = now();
        const bool is_invalid = got.verdict == fetch_verdict::fetched;
        failed.failure = is_invalid ? "sts-policy-invalid" : failure_of(got.verdict);
        failed.why = is_invalid ? "the policy of " + domain + " is not valid" : got.why;
        log::info("sts domain={} result={} why={}", log_safe(domain), failed.failure,
                  log_safe(failed.why));
        auto made = with_failure(in_force(before), failed.failure, failed.why);
        note(domain, std::move(failed));
        co_return made;
    }
    failed_.erase(domain);
    auto key = domain;
    co_await keep(std::move(key), std::move(id), *policy);
    sts_policy made;
    if (policy->mode != mta_sts::policy_mode::none) made.in_force = std::move(*policy);
    co_return made;
}

awaitable<void> sts_policies::keep(std::string domain,
                                   std::string id,
                                   const mta_sts::policy& policy) {
    storage::kept_policy row;
    row.domain = std::move(domain);
    row.id = std::move(id);
    for (const auto& line : mta_sts::to_lines(policy))
        row.text += line + '\n';
    row.fetched_at = now();
    row.expires_at = row.fetched_at + policy.max_age.count();
    const auto refused = co_await ports_.store.keep_policy(std::move(row));
    // In force for this delivery all the same.
    if (refused) log::warn("sts result=not_kept what={}", log_safe(refused.message()));
}

const sts_policies::failed_fetch* sts_policies::recent_failure(const std::string& domain,
                                                               const std::string& id) const {
    const auto found = failed_.find(domain);
    if (found == failed_.end() || found->second.id != id) return nullptr;
    const auto age = now() - found->second.at;
    return age >= 0 && age < pause_after_failure ? &found->second : nullptr;
}

void sts_policies::note(const std::string& domain, failed_fetch failed) {
    if (failed_.size() >= max_failures) failed_.clear();
    failed_.insert_or_assign(domain, std::move(failed));
}

}  // namespace hauspost::tls_policy
