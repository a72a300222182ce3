#include "tests/support/test_smtp.hpp"

#include "base/base64.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace hauspost::test {
namespace {

smtp::session_config quick_config() {
    smtp::session_config made;
    made.hostname = "mx.example";
    made.wrong_password_delay = std::chrono::milliseconds(0);
    return made;
}

delivery::sink_config relaying() {
    delivery::sink_config made;
    made.hostname = "mx.example";
    made.routing.may_relay = true;
    return made;
}

outbound::sending_settings unlimited() {
    outbound::sending_settings made;
    made.limits = {};
    return made;
}

delivery::way_out limited(delivery::way_out leaving, outbound::sending_limits& limits) {
    leaving.limits = &limits;
    return leaving;
}

}  // namespace

smtp_server::smtp_server(server_parts& of,
                         const delivery::way_out& leaving,
                         delivery::sink_config settings)
    : parts(of),
      config(quick_config()),
      sink(parts.store().directory,
           parts.store().delivery,
           parts.arrivals(),
           parts.time.wall(),
           std::move(settings),
           leaving) {
    spdlog::set_level(spdlog::level::off);
}

smtp_server::~smtp_server() {
    parts.workers.stop();  // what the sink gave them is done
}

std::string smtp_server::talk(std::string input) {
    memory_stream peer(std::move(input));
    auto settings = std::make_shared<const smtp::session_config>(config);
    smtp::server_session session(peer, {"smtp", sink}, parts.limits(), std::move(settings));
    run(parts.io, session.run());
    return peer.output();
}

submission_server::submission_server(server_parts& of, const delivery::way_out& leaving)
    : parts(of),
      config(quick_config()),
      limits(parts.store().directory, parts.store().senders, parts.time.wall(), unlimited()),
      relay(parts.store().directory,
            parts.store().delivery,
            parts.arrivals(),
            parts.time.wall(),
            relaying(),
            limited(leaving, limits)),
      senders(parts.store().directory),
      sink(relay, senders, parts.time.wall(), "mx.example", &limits),
      ports{parts.credentials, parts.news(), senders, parts.time.wall()},
      policy{"submission", sink, &ports} {
    spdlog::set_level(spdlog::level::off);
}

submission_server::~submission_server() {
    parts.workers.stop();  // what the relay gave them is done
}

std::string submission_server::submit(const std::string& input) {
    const auto login = base64::encode(std::string("\0ann@a.example\0pw", 17));
    memory_stream peer("EHLO c\r\nAUTH PLAIN " + login + "\r\n" + input + "QUIT\r\n");
    return talk(peer);
}

std::string submission_server::talk(memory_stream& peer) {
    const auto session = connect(peer);
    run(parts.io, session->run());
    return peer.output();
}

std::unique_ptr<smtp::server_session> submission_server::connect(memory_stream& peer) {
    auto info = peer.peer();
    info.address = "192.0.2.77";
    info.is_loopback = false;
    peer.set_peer(info);
    peer.set_encrypted();
    auto settings = std::make_shared<const smtp::session_config>(config);
    return std::make_unique<smtp::server_session>(peer, policy, parts.limits(),
                                                  std::move(settings));
}

}  // namespace hauspost::test
