#include "server/services/http_service.hpp"

#include "base/ascii.hpp"
#include "base/log.hpp"
#include "certs/signed_document.hpp"
#include "server/services/http_settings.hpp"

#include <boost/asio/this_coro.hpp>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::server {
namespace {

std::vector<std::string> alpn_of(const listener_role& role) {
    if (role.tls == tls_start::never) return {};
    return {"http/1.1"};
}

/// With the certificate's key, on a thread for such work: strangers may ask as often as they like.
std::string signed_by(const certs::certificate& own, std::string document) {
    try {
        if (auto made = certs::sign_document(own, document)) return std::move(*made);
    } catch (const std::runtime_error& error) {
        log::warn("profile_unsigned what={}", log_safe(error.what()));
    }
    return document;
}

/// By the certificate that is shown under the server's own name at that time.
client_setup::document_signer signer_of(const service_parts& with, std::string host) {
    auto& workers = with.workers;
    const auto& certificates = with.certificates;
    return [&workers, &certificates, host = std::move(host)](std::string document) {
        auto work = [own = certificates.choose(host), document = std::move(document)]() mutable {
            return signed_by(*own, std::move(document));
        };
        return workers.run(std::move(work));
    };
}

}  // namespace

client_setup::setup_config setup_config_of(const config& c) {
    client_setup::setup_config made;
    auto& services = made.services;
    services.hostname = ascii::lowered(hostname_of(c));
    services.imaps = c.listen.first_port("imaps");
    services.imap = c.listen.first_port("imap");
    services.pop3s = c.listen.first_port("pop3s");
    services.pop3 = c.listen.first_port("pop3");
    services.submissions = c.listen.first_port("submissions");
    services.submission = c.listen.first_port("submission");
    made.https_port = c.listen.first_port("https");
    return made;
}

jmap::door_settings jmap_settings_of(const config& c) {
    jmap::door_settings made;
    made.hostname = ascii::lowered(hostname_of(c));
    made.max_upload_octets = c.imap.limits.append_octets;
    made.search_timeout = c.imap.search_timeout;
    return made;
}

http_service::http_service(const listener_role& role,
                           const service_parts& with,
                           const config& c,
                           std::shared_ptr<shared> /*with_others*/)
    : service(role, with, {http::busy_response, alpn_of(role)}),
      answers_(with.store.directory,
               with.time,
               setup_config_of(c),
               signer_of(with, ascii::lowered(hostname_of(c)))),
      secure_(answers_),
      plain_(answers_),
      pictures_(with.store.mailboxes, with.workers),
      mail_({with.store.mailboxes, with.store.blobs, with.store.sharing, with.credentials,
             with.workers, with.monotonic, pictures_, with.index},
            jmap_settings_of(c)),
      https_(answers_, secure_, mail_),
      settings_(http_settings(with.gate)) {}

awaitable<void> http_service::serve(net::stream& peer) {
    auto& handler = role().tls == tls_start::never ? static_cast<http::handler&>(plain_) : https_;
    const http::session_ports ports{handler, with_.time, with_.monotonic};
    http::session session(peer, ports, settings_);
    const auto executor = co_await asio::this_coro::executor;
    const session_list::registration here(with_.sessions, executor,
                                          [&session] { session.request_stop(); });
    co_await session.run();
}

void http_service::reload(const config&) {}

}  // namespace hauspost::server
