// Hands a report about TLS to the HTTPS place that a record names, for other people's servers.
//
//   post_report RECORD ADDRESS ROOTS
//
// The place's name leads to ADDRESS; ROOTS holds the certificates that are trusted. Prints "taken", or
// why it was not.

#include "certs/client_context.hpp"
#include "protocols/net/io_loop.hpp"
#include "protocols/tls_report/record.hpp"
#include "protocols/tls_report/report.hpp"
#include "server/tls_policy/https_reports.hpp"
#include "tests/support/fake_resolver.hpp"

#include <boost/asio/co_spawn.hpp>

#include <cstdio>
#include <exception>
#include <string>

namespace {

using namespace hauspost;

tls_report::report some_report() {
    tls_report::report made;
    made.organization = "mail.example.test";
    made.contact = "postmaster@example.test";
    made.id = "the-id";
    made.domain = "two.example";
    made.day = 20'000;
    tls_report::policy_details policy;
    policy.type = "no-policy-found";
    policy.successes = 3;
    made.policies.push_back(policy);
    return made;
}

awaitable<void> hand_over(tls_policy::https_reports& door,
                          tls_report::https_place to,
                          std::string& said) {
    auto octets = tls_report::gzipped(tls_report::to_json(some_report()));
    const auto why = co_await door.hand_over(std::move(to), std::move(octets));
    said = why.empty() ? "taken" : why;
}

void run(const std::string& record, const std::string& address, const std::string& roots) {
    const auto wanted = tls_report::find_receivers({record});
    if (wanted.places.empty()) throw std::runtime_error("the record names no place");
    test::fake_resolver dns;
    dns.add_address(wanted.places[0].host, address);
    const certs::client_context tls(roots);
    const system_monotonic_clock time;
    net::io_loop loop;
    tls_policy::https_settings settings;
    settings.limit = std::chrono::seconds(5);
    tls_policy::https_client client(loop, dns, tls.native(), time, settings);
    tls_policy::https_reports door(client);
    std::string said;
    std::exception_ptr fault;
    auto work = hand_over(door, wanted.places[0], said);
    boost::asio::co_spawn(loop.io(), std::move(work),
                          [&fault](std::exception_ptr ended) { fault = ended; });
    loop.io().run();
    if (fault) std::rethrow_exception(fault);
    std::printf("%s\n", said.c_str());
}

}  // namespace

int main(int argc, char** argv) {
    try {
        if (argc != 4) throw std::runtime_error("post_report RECORD ADDRESS ROOTS");
        run(argv[1], argv[2], argv[3]);
    } catch (const std::exception& fault) {
        std::fprintf(stderr, "%s\n", fault.what());
        return 1;
    }
}
