#include "protocols/imap/session/search/commands.hpp"

#include <algorithm>

namespace hauspost::imap {
namespace {

// RFC 10022: smaller batches would only be sequence numbers by another name.
constexpr std::uint32_t least_batch = 500;

}  // namespace

/// RFC 10022. The ranges leave no gap, so that a message which the client does not know of yet can
/// only be above them. As a batch has 500 messages at least, the answer stays short.
awaitable<answer> on(context& session, const cmd::uid_batches& wanted) {
    if (wanted.size < least_batch)
        co_return replies::no(code::too_few, "A batch has 500 messages at least");
    if (wanted.first > wanted.last)
        co_return answer(status::bad, code::client_bug,
                         "The batches are named from the first to the last");
    const auto& view = session.state.selected->view;
    session.writer().raw("* UIDBATCHES (TAG ").string(session.state.tag).raw(')');
    // In 64 bits: a client may ask for batches of 2^32-1 messages, and for as many.
    const std::uint64_t size = wanted.size;
    const std::uint64_t batches = (view.size() + size - 1) / size;
    for (std::uint64_t n = wanted.first; n <= std::min<std::uint64_t>(wanted.last, batches); ++n) {
        const auto newest = static_cast<std::uint32_t>(view.size() - (n - 1) * size);
        const auto before = n < batches ? static_cast<std::uint32_t>(newest - size) : 0;
        const auto low = before == 0 ? 1 : view.uid_at(before)->value() + 1;
        session.writer().raw(n == wanted.first ? ' ' : ',').number(view.uid_at(newest)->value());
        session.writer().raw(':').number(low);
        if (!co_await session.make_room()) co_return replies::connection_lost();
    }
    session.writer().crlf();
    co_return replies::ok("Done");
}

}  // namespace hauspost::imap
