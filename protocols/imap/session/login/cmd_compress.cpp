#include "protocols/imap/session/login/commands.hpp"

namespace hauspost::imap {

/// RFC 4978 3.
awaitable<answer> on(context& session, const cmd::compress&) {
    if (session.wire.peer().is_compressing())
        co_return replies::no(code::compression_active, "DEFLATE is active already");
    session.state.follow_up = follow_up::start_compression;
    co_return replies::ok("DEFLATE active");
}

/// The OK goes out as it is.
awaitable<void> start_compression(context& session) {
    if (!co_await session.flush()) co_return;
    const auto received = session.wire.input().take_rest();
    session.wire.peer().start(received);
    session.log.debug("compress", "received={}", received.size());
}

}  // namespace hauspost::imap
