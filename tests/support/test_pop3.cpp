#include "tests/support/test_pop3.hpp"

#include "tests/support/visit_all.hpp"

#include <array>
#include <stdexcept>
#include <utility>

namespace hauspost::test {

pop3_server::pop3_server() {
    config.hostname = "pop3.a.example";
    config.wrong_password_delay = std::chrono::milliseconds(0);
}

pop3::session_ports pop3_server::ports() {
    return {parts.mail(),  parts.octets(), parts.news(),  parts.credentials,
            parts.workers, locks,          parts.limits()};
}

std::string pop3_server::talk(memory_stream& peer) {
    auto settings = std::make_shared<const pop3::session_config>(config);
    pop3::session session(peer, ports(), std::move(settings));
    run(parts.io, session.run());
    if (!peer.is_closed()) throw std::runtime_error("the session left the stream open");
    return peer.output();
}

std::string pop3_server::talk(std::string input) {
    memory_stream peer(std::move(input));
    return talk(peer);
}

std::string pop3_server::as_ann(std::string input) {
    const auto said = talk(pop3_login + input);
    const auto before = pop3_greeting + pop3_logged_in;
    if (!said.starts_with(before)) throw std::runtime_error("not logged in: " + said);
    return said.substr(before.size());
}

std::string pop3_server::list_uids(std::string mailbox, std::uint32_t flags) {
    const auto found =
        parts.wait(parts.store().mailboxes.find(parts.ann, std::move(mailbox))).value();
    std::string text;
    const auto visitor = [&](const storage::message_view& message) {
        if ((message.flags & flags) == flags)
            text += (text.empty() ? "" : " ") + std::to_string(message.uid.value());
        return true;
    };
    (void)parts.wait(visit_all(parts.store().mailboxes, {parts.ann, found.id},
                               storage::walk_detail::flags_only, visitor));
    return text;
}

std::string pop3_server::uids(std::string mailbox) {
    return list_uids(std::move(mailbox), 0);
}

std::string pop3_server::seen_uids() {
    return list_uids("INBOX", mail::flags::seen);
}

pop3_client::pop3_client(pop3_server& server, std::string user) : server_(server) {
    server.parts.set_time_of(peer_);
    auto settings = std::make_shared<const pop3::session_config>(server.config);
    session_ = std::make_unique<pop3::session>(peer_, server.ports(), std::move(settings));
    asio::co_spawn(server.parts.io, session_->run(),
                   [this](std::exception_ptr) { is_over_ = true; });
    settle();
    if (user.empty()) return;
    command("USER " + user);
    command("PASS pw");
}

pop3_client::~pop3_client() {
    peer_.finish();
    peer_.wake();
    run_until(server_.parts.io, [this] { return is_over_; });
}

std::string pop3_client::command(std::string_view line) {
    peer_.send(std::string(line) + "\r\n");
    return settle();
}

std::string pop3_client::settle() {
    run_until(server_.parts.io,
              [this] { return is_over_ || (peer_.is_waiting() && peer_.unread_input().empty()); });
    return peer_.take_output();
}

std::string pop3_client::wait_closed() {
    run_until(server_.parts.io, [this] { return is_over_; });
    return peer_.take_output();
}

}  // namespace hauspost::test
