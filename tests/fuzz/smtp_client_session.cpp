// A whole client session against a server that says anything: each recipient gets an outcome, none
// is "delivered" before all of the message was said, and what is said is lines. A NUL in the input
// ends what the server says until the client has heard it all; it goes at the end.

#include "tests/session/smtp_client/remote_script.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace hauspost;
using namespace hauspost::test;

awaitable<void> say_all(remote_script& remote, std::string_view said) {
    while (!said.empty() && !remote.server.is_closed()) {
        const auto piece = said.substr(0, said.find('\0'));
        said.remove_prefix(std::min(piece.size() + 1, said.size()));
        remote.server.send(piece);
        co_await remote_script::until_idle(remote.server);
    }
    remote.server.finish();
}

bool is_harmless(const std::string& text) {
    for (const char c : text)
        if (c < 0x20 || c > 0x7e) return false;
    return true;
}

void check(const smtp::send_outcome& outcome, bool is_all_said) {
    if (!is_harmless(outcome.reply.to_line())) std::abort();
    const bool is_sure = outcome.verdict != smtp::send_verdict::delivered;
    if (!is_sure && (!is_all_said || outcome.reply.code / 100 != 2)) std::abort();
    if (outcome.reason == smtp::send_reason::unsure && is_sure && !is_all_said) std::abort();
}

void check_lines(std::string_view said) {
    for (std::size_t at = said.find_first_of("\r\n"); at != std::string_view::npos;
         at = said.find_first_of("\r\n", at + 2))
        if (said.substr(at, 2) != "\r\n") std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    if (size < 1) return 0;
    const unsigned flags = octets[0];
    const std::string_view said(reinterpret_cast<const char*>(octets) + 1, size - 1);
    remote_script remote({});
    remote.server.allow_tls((flags & 1) != 0);
    remote.settings->use_chunking = (flags & 2) != 0;
    if ((flags & 4) != 0) remote.settings->login = smtp::client_login{"bob", secret("plum")};
    if ((flags & 8) != 0) remote.settings->tls = smtp::tls_use::required;
    if ((flags & 16) != 0) remote.settings->commands_at_once = 2;
    if ((flags & 32) != 0) remote.server.split_every(1);
    for (int i = 0; i < 2; ++i)
        remote.add(message_to({"ann@a.example", "ben@a.example", "cid@c.example"}),
                   text_source("Subject: x\n\n.\r\rtext", 5));
    asio::co_spawn(remote.io, say_all(remote, said), [](std::exception_ptr) {});
    run(remote.io, remote_script::talk(remote));

    const auto& output = remote.server.output();
    check_lines(output);
    const bool is_all_said = output.find("\r\n.\r\n") != std::string::npos ||
                             output.find("LAST\r\n") != std::string::npos;
    for (const auto& outcomes : remote.outcomes) {
        if (outcomes.size() != 3) std::abort();
        for (const auto& outcome : outcomes)
            check(outcome, is_all_said);
    }
    if (remote.refused) check(*remote.refused, false);
    if (!remote.server.is_closed()) std::abort();
    return 0;
}
