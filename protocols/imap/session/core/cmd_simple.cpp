#include "base/log.hpp"
#include "protocols/imap/session/core/connection.hpp"

#include <algorithm>

namespace hauspost::imap {

awaitable<answer> connection::on(const cmd::capability&) {
    writer().raw("* CAPABILITY ").raw(capabilities(capability_now())).crlf();
    co_return replies::ok("Done");
}

// What is new is told after every command, so these two have nothing to do.
awaitable<answer> connection::on(const cmd::noop&) {
    co_return replies::ok("Done");
}

awaitable<answer> connection::on(const cmd::check&) {
    co_return replies::ok("All is on the disk");
}

awaitable<answer> connection::on(const cmd::logout&) {
    say_bye("", "Until next time");
    co_return replies::ok("Logged out");
}

/// RFC 2342 5: one personal namespace, one of other users.
awaitable<answer> connection::on(const cmd::namespaces&) {
    writer().raw("* NAMESPACE ((\"\" \"/\")) ((\"Shared/\" \"/\")) NIL\r\n");
    co_return replies::ok("Done");
}

/// RFC 2971. What the client says of itself is for the log alone.
awaitable<answer> connection::on(const cmd::id& wanted) {
    std::string said;
    for (const auto& [field, value] : wanted.fields)
        said.append(field).append("=").append(value.value_or("NIL")).append(" ");
    log::info("client cid={} proto=imap id={}", peer_.peer().id.value(), log_safe(said));
    writer().raw("* ID (\"name\" \"Hauspost\")\r\n");
    co_return replies::ok("Done");
}

}  // namespace hauspost::imap
