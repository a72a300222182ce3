#include "server/tls_policy/https_client.hpp"

#include "protocols/https/get.hpp"
#include "protocols/https/post.hpp"
#include "protocols/net/connector.hpp"
#include "protocols/net/tls_client.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::tls_policy {
namespace {

constexpr std::uint16_t https_port = 443;

https_answer unanswered(https_answer::verdict how, std::string why) {
    https_answer made;
    made.how = how;
    made.why = std::move(why);
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

awaitable<result<https::response>> say(net::stream& to,
                                       const https_question& question,
                                       net::stream::duration limit) {
    // RFC 9110 7.2
    auto host = question.host;
    if (question.port != https_port) host += ':' + std::to_string(question.port);
    if (question.content_type.empty()) {
        https::get_request request;
        request.host = std::move(host);
        request.target = question.target;
        request.max_body_octets = question.max_body_octets;
        request.limit = limit;
        co_return co_await https::get(to, std::move(request));
    }
    https::post_request request;
    request.host = std::move(host);
    request.target = question.target;
    request.content_type = question.content_type;
    request.body = question.body;
    request.limit = limit;
    co_return co_await https::post(to, std::move(request));
}

}  // namespace

https_client::https_client(net::io_loop& loop,
                           dns::resolver& resolver,
                           SSL_CTX* tls,
                           const monotonic_clock& time,
                           https_settings settings)
    : loop_(loop), resolver_(resolver), tls_(tls), time_(time), settings_(std::move(settings)) {}

void https_client::stop() noexcept {
    is_stopping_ = true;
    for (auto* one : open_)
        one->close();
}

awaitable<https_answer> https_client::ask(https_question question) {
    using enum https_answer::verdict;
    const auto end = time_.now() + settings_.limit;
    auto name = question.host;
    auto found = co_await resolver_.find_addresses(std::move(name), settings_.families);
    std::erase_if(found.records, [this](const auto& one) { return !settings_.may_use(one); });
    if (found.records.empty()) {
        const auto why = found.why.empty() ? std::string("no address to ask") : found.why;
        co_return unanswered(not_reached, question.host + ": " + why);
    }
    https_answer got;
    const auto most = std::min(found.records.size(), settings_.max_addresses);
    for (std::size_t n = 0; n < most; ++n) {
        got = co_await ask_at(found.records[n], question, end);
        if (got.how == answered) break;
        got.why = question.host + " [" + found.records[n].to_string() + "]: " + got.why;
        if (time_.now() >= end || is_stopping_) break;
    }
    co_return got;
}

awaitable<https_answer> https_client::ask_at(boost::asio::ip::address address,
                                             const https_question& question,
                                             steady_time end) {
    using enum https_answer::verdict;
    net::tls_client_settings wanted;
    wanted.host = question.host;
    wanted.verify = net::verification::pkix;
    if (is_stopping_) co_return unanswered(not_reached, "the server stops");
    const net::tls_client tls(tls_, std::move(wanted));
    net::connect_settings how;
    how.to = boost::asio::ip::tcp::endpoint(address, question.port);
    how.limit = std::min<net::stream::duration>(settings_.connect_limit, end - time_.now());
    how.tls = &tls;
    const auto connected = co_await net::connect(loop_, how);
    if (!connected) co_return unanswered(not_reached, connected.error().message());
    auto& stream = **connected;
    const listed_stream listed(open_, stream);
    if (is_stopping_) stream.close();
    stream.end_at(end);
    const auto refused = co_await stream.start_tls(settings_.limit);
    if (refused) {
        const bool is_distrust = refused.category() == net::verification_category();
        co_return unanswered(is_distrust ? not_trusted : not_reached, "TLS: " + refused.message());
    }
    auto got = co_await say(stream, question, settings_.limit);
    stream.close();
    if (!got) co_return unanswered(not_reached, got.error().message());
    https_answer made;
    made.how = answered;
    made.got = std::move(*got);
    co_return made;
}

}  // namespace hauspost::tls_policy
