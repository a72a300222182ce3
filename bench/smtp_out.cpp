// Sends the realistic mix through our SMTP client over N connections of one thread, to any server.
// The time of a whole transaction is the latency. Ends with 1 when a recipient was not delivered.

#include "base/monotonic_clock.hpp"
#include "bench/support/figures.hpp"
#include "bench/support/mail_mix.hpp"
#include "bench/support/peer.hpp"
#include "certs/client_context.hpp"
#include "protocols/net/connector.hpp"
#include "protocols/net/tls_client.hpp"
#include "protocols/smtp/client/client_session.hpp"
#include "protocols/smtp/path.hpp"

#include <boost/asio/co_spawn.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace hauspost;

class mix_source final : public smtp::message_source {
public:
    explicit mix_source(std::string octets) : octets_(std::move(octets)) {}
    awaitable<result<std::string_view>> next() override {
        const auto got = std::string_view(octets_).substr(read_, 128 << 10);
        read_ += got.size();
        co_return got;
    }

private:
    std::string octets_;
    std::size_t read_ = 0;
};

struct load {
    net::connect_settings to;
    std::shared_ptr<smtp::client_settings> settings = std::make_shared<smtp::client_settings>();
    std::vector<std::string> mix;
    std::size_t messages = 0;
    std::size_t next = 0;
    std::string user;
    std::size_t users = 1;
    bench::latencies took;
    std::uint64_t octets = 0;
    std::size_t refused = 0;
};

void note(load& all, const smtp::send_outcome& outcome) {
    if (outcome.verdict == smtp::send_verdict::delivered) return;
    if (all.refused++ != 0) return;  // the first tells enough
    std::fprintf(stderr, "%s at %s: %s %s\n", std::string(to_text(outcome.reason)).c_str(),
                 std::string(to_text(outcome.step)).c_str(), outcome.reply.to_line().c_str(),
                 outcome.error ? outcome.error.message().c_str() : "");
}

awaitable<void> send_one(load& all, smtp::client_session& session, std::size_t number) {
    const auto octets = bench::first_lines(number) + all.mix[number % all.mix.size()];
    smtp::outgoing_message message;
    message.mail.reverse_path = {"bench", "elsewhere.test"};
    message.mail.params.size = octets.size();
    message.recipients.push_back(
        {*smtp::parse_mailbox(bench::nth_user(all.user, number % all.users)), {}});
    mix_source source(octets);
    const auto began = bench::steady::now();
    const auto outcomes = co_await session.send(message, source);
    all.took.add(bench::steady::now() - began);
    all.octets += octets.size();
    note(all, outcomes.front());
}

awaitable<void> send_many(load& all, net::io_loop& loop) {
    const system_monotonic_clock time;
    while (all.next < all.messages) {
        auto made = co_await net::connect(loop, all.to);
        if (!made) throw boost::system::system_error(made.error());
        const auto stream = std::move(*made);
        smtp::client_session session(*stream, time, all.settings);
        const auto refused = co_await session.begin();
        if (refused) {
            note(all, *refused);
            co_return;
        }
        while (session.is_usable() && all.next < all.messages)
            co_await send_one(all, session, all.next++);
        co_await session.quit();
    }
}

void print(load& all, double seconds) {
    const auto sent = static_cast<double>(all.took.size());
    bench::report()
        .add("messages", sent)
        .add("refused", static_cast<double>(all.refused))
        .add("seconds", seconds)
        .add("messages_per_second", sent / seconds)
        .add("p50_ms", all.took.percentile_ms(0.5))
        .add("p99_ms", all.took.percentile_ms(0.99))
        .add("mean_octets", static_cast<double>(all.octets) / sent)
        .print();
}

}  // namespace

int main(int argc, char** argv) {
    const bench::arguments given(argc, argv,
                                 {{"smtp", ""},
                                  {"connections", "8"},
                                  {"messages", "2000"},
                                  {"users", "8"},
                                  {"user", "user%@example.test"},
                                  {"tls", "0"},
                                  {"chunks", "1"},
                                  {"lite", "0"}});
    const auto to = bench::parse_endpoint(given.text("smtp"));
    const certs::client_context trusted({});
    const net::tls_client tls(trusted.native(), {});
    load all;
    all.to.to = {asio::ip::make_address(to.host), to.port};
    all.to.tls = &tls;
    all.settings->hostname = "bench.elsewhere.test";
    all.settings->tls = given.flag("tls") ? smtp::tls_use::required : smtp::tls_use::never;
    all.settings->use_chunking = given.flag("chunks");
    all.mix = bench::make_mix(512, given.flag("lite") ? bench::lite() : bench::mix_shape{});
    all.messages = given.number("messages");
    all.user = given.text("user");
    all.users = given.number("users");
    net::io_loop loop;
    std::size_t connections = given.number("connections");
    const auto end = [&loop, &connections](std::exception_ptr fault) {
        if (fault) std::rethrow_exception(fault);
        if (--connections == 0) loop.io().stop();  // the timer of limits would go on
    };
    for (std::size_t n = connections; n > 0; --n)
        asio::co_spawn(loop.io(), send_many(all, loop), end);
    const auto began = bench::steady::now();
    loop.io().run();
    print(all, bench::seconds(bench::steady::now() - began));
    return all.refused == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
