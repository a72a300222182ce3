#pragma once

#include "certs/client_context.hpp"
#include "server/outbound/domain_delivery.hpp"
#include "server/outbound/queue_runner.hpp"
#include "server/outbound/sender_reports.hpp"
#include "tests/support/answering_servers.hpp"
#include "tests/support/fake_resolver.hpp"
#include "tests/support/server_parts.hpp"
#include "tests/support/test_smtp.hpp"

#include <boost/asio/co_spawn.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::test {

/// The way out of a server: mail of ann@a.example for b.example (192.0.2.1, 192.0.2.2 behind it) and
/// c.example (192.0.2.3).
struct sending_server {
    sending_server() {
        dns.add_mx("b.example", 10, "mx1.b.example");
        dns.add_mx("b.example", 20, "mx2.b.example");
        dns.add_address("mx1.b.example", "192.0.2.1");
        dns.add_address("mx2.b.example", "192.0.2.2");
        dns.add_address("c.example", "192.0.2.3");
        settings.hostname = "mx.a.example";
        settings.hosts.may_lead_inwards = true;
    }

    /// Into the queue, for all of these.
    void put(const std::vector<std::string>& recipients,
             const std::string& text = "text\r\n",
             const std::string& sender = "ann@a.example") {
        std::string input = "MAIL FROM:<" + sender + ">\r\n";
        for (const auto& one : recipients)
            input += "RCPT TO:<" + one + ">\r\n";
        input += "DATA\r\nFrom: " + sender + "\r\nSubject: s\r\n\r\n" + text + ".\r\n";
        const auto said = submission.submit(input);
        if (said.find("354 ") == std::string::npos) throw std::runtime_error(said);
    }

    [[nodiscard]] outbound::delivery_ports delivery() {
        return {parts.octets(), dns,     hosts,          servers, tls.native(),
                parts.limits(), nullptr, policies_in_use};
    }

    /// Claims all that is due, and delivers what of it is for one domain.
    std::vector<outbound::attempt_result> attempt(const std::string& domain) {
        storage::claim_request wanted;
        wanted.now = now();
        wanted.lease_until = wanted.now + 60;
        wanted.most_domains = wanted.most_recipients = 100;
        storage::queue_store& queue = parts.store().queue;
        auto found = parts.wait(queue.claim(std::move(wanted)));
        for (auto& one : found->claims) {
            if (one.domain != domain) continue;
            for (auto& item : one.items)
                item.tls_optional |= ignores_policies;
            const auto ports = delivery();
            const auto* relay = settings.relay_of(one.items.at(0).reverse_path);
            outbound::domain_delivery once(ports, settings, one, relay);
            auto results = parts.wait(once.run());
            counted = once.take_counts();
            return results;
        }
        throw std::runtime_error("nothing is due for " + domain);
    }
    /// One recipient of one message.
    outbound::attempt_result attempt_one(const std::string& to, const std::string& domain) {
        put({to});
        return attempt(domain).at(0);
    }
    [[nodiscard]] std::int64_t now() const {
        return std::chrono::system_clock::to_time_t(parts.time.wall().now());
    }

    server_parts parts;
    submission_server submission{parts};
    fake_resolver dns;
    answering_servers servers;
    outbound::delivery_settings settings;
    tls_policy::sts_policies* policies_in_use = nullptr;
    bool ignores_policies = false;             // all that attempt() delivers
    std::vector<storage::tls_result> counted;  // by the last attempt()
    const certs::client_context tls{{}};
    outbound::host_finder hosts{dns, {}, {.may_lead_inwards = true}, [] { return 0; }};
    outbound::own_delivery own{submission.relay, parts.store().blobs, parts.store().directory};
    outbound::sender_reports reports{submission.relay, parts.store().blobs, parts.time.wall(),
                                     settings};
};

/// The same with the runner at work.
struct running_server : sending_server {
    ~running_server() { stop(); }

    void start() { start(delivery()); }
    void start(const outbound::delivery_ports& with) {
        runner = std::make_unique<outbound::queue_runner>(
            parts.io.get_executor(),
            outbound::runner_ports{parts.store().queue, parts.store().changes, with, own, reports,
                                   parts.time.wall(), watch},
            settings);
        runner->start();
    }
    /// at_most  for what is being sent
    void stop(std::chrono::seconds at_most = std::chrono::seconds(0)) {
        if (!runner) return;
        run(parts.io, runner->stop(at_most));
        runner.reset();
    }
    template <class Done>
    void until(Done done) {
        run_until(parts.io, done);
    }
    /// Until the queue is empty.
    void until_empty() {
        until([this] { return is_empty(); });
    }
    [[nodiscard]] bool is_empty() { return figures().messages == 0; }
    storage::queue_figures figures() {
        storage::queue_figures found;
        storage::queue_store& queue = parts.store().queue;
        asio::io_context apart(1);
        run(apart, look(queue, found));
        return found;
    }
    static awaitable<void> look(storage::queue_store& queue, storage::queue_figures& into) {
        into = co_await queue.figures();
    }

    std::unique_ptr<outbound::queue_runner> runner;
    outbound::sender_watch* watch = nullptr;
};

}  // namespace hauspost::test
