#include "base/ascii.hpp"
#include "base/log.hpp"
#include "base/utf8.hpp"
#include "protocols/imap/session/core/command_end.hpp"
#include "protocols/imap/session/login/commands.hpp"

#include <algorithm>

namespace hauspost::imap {
namespace {

/// RFC 2971 3.3: name and version of the client.
std::string program_of(const cmd::id& said) {
    constexpr std::size_t most = 100;
    std::string name, version;
    for (const auto& [field, value] : said.fields) {
        if (ascii::equal_nocase(field, "name")) name = value.value_or("");
        if (ascii::equal_nocase(field, "version")) version = value.value_or("");
    }
    if (!name.empty() && !version.empty()) name += ' ' + version;
    return std::string(utf8::truncated(name, most));
}

}  // namespace

awaitable<answer> on(context& session, const cmd::capability&) {
    session.writer().raw("* ").raw(session.capability_words()).crlf();
    co_return replies::ok("Done");
}

// What is new is told after every command. But a client that polls by these two (RFC 9051 6.1.2) is
// told what is so, whatever news may be on its way.
awaitable<answer> on(context& session, const cmd::noop&) {
    if (session.state.selected) session.state.selected->heard.reset();
    co_return replies::ok("Done");
}

awaitable<answer> on(context& session, const cmd::check&) {
    session.state.selected->heard.reset();
    co_return replies::ok("Everything is on the disk");
}

awaitable<answer> on(context& session, const cmd::logout&) {
    say_bye(session, "", "Until next time");
    co_return replies::ok("Logged out");
}

/// RFC 2342 5: one personal namespace, one of other users.
awaitable<answer> on(context& session, const cmd::namespaces&) {
    session.writer().raw("* NAMESPACE ((\"\" \"/\")) ((\"Shared/\" \"/\")) NIL\r\n");
    co_return replies::ok("Done");
}

/// RFC 2971. What the client says of itself is for the log, the trace and who looks at the account alone.
awaitable<answer> on(context& session, const cmd::id& wanted) {
    session.state.program = program_of(wanted);
    session.logins.say_program(session.state.program, session.state.user);
    std::string said;
    for (const auto& [field, value] : wanted.fields)
        said.append(field).append("=").append(value.value_or("NIL")).append(" ");
    session.log.info("client", "id={}", log_safe(said));
    session.writer().raw("* ID (\"name\" \"Hauspost\")\r\n");
    co_return replies::ok("Done");
}

}  // namespace hauspost::imap
