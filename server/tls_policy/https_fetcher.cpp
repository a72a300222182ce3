#include "server/tls_policy/https_fetcher.hpp"

#include "base/ascii.hpp"
#include "protocols/https/get.hpp"
#include "protocols/mta_sts/policy.hpp"
#include "protocols/net/connector.hpp"
#include "protocols/net/tls_client.hpp"

#include <algorithm>
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

fetched_policy taken(https::response got) {
    if (got.status != status_ok)
        return failed(fetch_verdict::not_reached, "HTTP status " + std::to_string(got.status));
    if (!is_plain_text(got.content_type))
        return failed(fetch_verdict::not_reached, "the policy is not text/plain");
    fetched_policy made;
    made.verdict = fetch_verdict::fetched;
    made.text = std::move(got.body);
    return made;
}

class listed_stream {
public:
    listed_stream(std::set<net::stream*>& all, net::stream& one) : all_(all), one_(one) {
        all_.insert(&one_);
    }
    ~listed_stream() { all_.erase(&one_); }
    listed_stream(const listed_stream&) = delete;
    listed_stream& operator=(const listed_stream&) = delete;

private:
    std::set<net::stream*>& all_;
    net::stream& one_;
};

}  // namespace

https_fetcher::https_fetcher(net::io_loop& loop,
                             dns::resolver& resolver,
                             SSL_CTX* tls,
                             const monotonic_clock& time,
                             https_settings settings)
    : loop_(loop), resolver_(resolver), tls_(tls), time_(time), settings_(std::move(settings)) {}

void https_fetcher::stop() noexcept {
    is_stopping_ = true;
    for (auto* one : open_)
        one->close();
}

awaitable<fetched_policy> https_fetcher::fetch(std::string domain) {
    const auto end = time_.now() + settings_.limit;
    const auto host = "mta-sts." + domain;
    auto question = host;
    auto found = co_await resolver_.find_addresses(std::move(question), settings_.families);
    std::erase_if(found.records, [this](const auto& one) { return !settings_.may_use(one); });
    if (found.records.empty()) {
        const auto why = found.why.empty() ? std::string("no address to ask") : found.why;
        co_return failed(fetch_verdict::not_reached, host + ": " + why);
    }
    fetched_policy got;
    const auto most = std::min(found.records.size(), settings_.max_addresses);
    for (std::size_t n = 0; n < most; ++n) {
        auto name = host;
        got = co_await ask(found.records[n], std::move(name), end);
        if (got.verdict == fetch_verdict::fetched) break;
        got.why = host + " [" + found.records[n].to_string() + "]: " + got.why;
        if (time_.now() >= end || is_stopping_) break;
    }
    co_return got;
}

awaitable<fetched_policy> https_fetcher::ask(boost::asio::ip::address address,
                                             std::string host,
                                             steady_time end) {
    net::tls_client_settings wanted;
    wanted.host = host;
    wanted.verify = net::verification::pkix;
    if (is_stopping_) co_return failed(fetch_verdict::not_reached, "the server stops");
    const net::tls_client tls(tls_, std::move(wanted));
    net::connect_settings how;
    how.to = boost::asio::ip::tcp::endpoint(address, settings_.port);
    how.limit = std::min<net::stream::duration>(settings_.connect_limit, end - time_.now());
    how.tls = &tls;
    const auto connected = co_await net::connect(loop_, how);
    if (!connected) co_return failed(fetch_verdict::not_reached, connected.error().message());
    auto& stream = **connected;
    const listed_stream listed(open_, stream);
    if (is_stopping_) stream.close();
    stream.end_at(end);
    const auto refused = co_await stream.start_tls(settings_.limit);
    if (refused) {
        const bool is_distrust = refused.category() == net::verification_category();
        co_return failed(is_distrust ? fetch_verdict::not_trusted : fetch_verdict::not_reached,
                         "TLS: " + refused.message());
    }
    https::get_request request;
    request.host = std::move(host);
    request.target = "/.well-known/mta-sts.txt";
    request.max_body_octets = mta_sts::max_policy_octets;
    request.limit = settings_.limit;
    auto got = co_await https::get(stream, std::move(request));
    stream.close();
    if (!got) co_return failed(fetch_verdict::not_reached, got.error().message());
    co_return taken(std::move(*got));
}

}  // namespace hauspost::tls_policy
