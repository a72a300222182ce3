#include "base/log.hpp"
#include "protocols/imap/session/core/connection.hpp"

namespace hauspost::imap {

/// RFC 4978 3.
awaitable<answer> connection::on(const cmd::compress&) {
    if (peer_.is_compressing())
        co_return replies::no(code::compression_active, "DEFLATE is active already");
    wants_compression_ = true;
    co_return replies::ok("DEFLATE active");
}

/// After the OK, which goes out as it is. What the client has sent behind its command is compressed
/// already (RFC 4978 3).
awaitable<void> connection::start_compression() {
    if (!co_await flush()) co_return;
    const auto received = assembler_.take_rest();
    peer_.start(received);
    log::debug("compress cid={} proto=imap", peer_.peer().id.value());
}

}  // namespace hauspost::imap
