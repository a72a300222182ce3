#include "protocols/pop3/message_encoder.hpp"
#include "protocols/pop3/session/commands.hpp"
#include "storage/errc.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace hauspost::pop3 {
namespace {

constexpr std::size_t piece_octets = 128 * 1024;
// TOP wants little more than the header of most messages.
constexpr std::size_t first_piece_of_top = 16 * 1024;

struct found_message {
    blob_id blob;
    std::uint64_t blob_octets = 0;
    std::string prefix;
};

const reply& read_refused(error_code why) {
    return why == storage::errc::busy ? replies::busy : replies::message_is_gone;
}

/// False: it is not there any more, and the answer is given.
awaitable<bool> look_up(context& session, uid id, found_message& found) {
    const auto visitor = [&](const storage::message_view& message) {
        found.blob = message.blob;
        found.prefix = message.prefix;
        found.blob_octets = message.octets - message.prefix.size();
    };
    const auto refused = co_await session.ports.mail.look_at(
        session.state.inbox, id, storage::walk_detail::row_heads, visitor);
    if (refused) session.refuse(read_refused(refused));
    co_return !refused;
}

/// Fills `into`, or says why not.
awaitable<error_code> read_piece(context& session,
                                 blob_id blob,
                                 std::uint64_t offset,
                                 std::span<char> into) {
    const auto got = co_await session.ports.blobs.read(blob, offset, into);
    if (!got) co_return got.error();
    co_return *got == into.size() ? error_code() : make_error_code(storage::errc::no_such_message);
}

/// The answer to RETR and TOP. The first octets are read before the +OK: a message that is gone is
/// an -ERR. When later ones cannot be read, no answer would be right, and the connection ends.
/// next_octets  of the first piece
/// Returns      false: the message was not sent, or not all that was wanted of it
awaitable<bool> send(context& session,
                     uid id,
                     message_encoder encoder,
                     std::size_t next_octets,
                     std::string ok_text) {
    found_message message;
    const bool is_there = co_await look_up(session, id, message);
    if (!is_there) co_return false;
    auto& out = session.out();
    std::uint64_t offset = 0;
    do {
        const auto left = message.blob_octets - offset;
        const auto octets = static_cast<std::size_t>(std::min<std::uint64_t>(left, next_octets));
        const auto piece = session.piece.room(octets);
        const auto failed = co_await read_piece(session, message.blob, offset, piece);
        if (failed && offset == 0) {
            session.refuse(read_refused(failed));
            co_return false;
        }
        if (failed) {
            session.channel.lose(failed);
            co_return false;
        }
        out.reserve(out.size() + message.prefix.size() + octets + octets / 64 + 256);
        if (offset == 0) {
            session.say(reply{true, "", ok_text});
            encoder.encode(message.prefix, out);
        }
        encoder.encode(std::string_view(piece.data(), octets), out);
        offset += octets;
        next_octets = std::min(2 * next_octets, piece_octets);
        const bool goes_on = co_await session.loop.make_room();
        if (!goes_on) co_return false;
    } while (offset < message.blob_octets && !encoder.is_complete());
    encoder.finish(out);
    co_return true;
}

}  // namespace

awaitable<void> on(context& session, const cmd::retr& wanted) {
    const auto* message = find_message(session, wanted.number);
    if (message == nullptr) co_return;
    std::string text;
    append_number(text, message->octets);
    text += " octets";
    const bool is_sent =
        co_await send(session, message->uid, message_encoder(), piece_octets, std::move(text));
    if (!is_sent) co_return;
    ++session.state.retrieved;
    session.state.maildrop.mark_read(wanted.number);
}

awaitable<void> on(context& session, const cmd::top& wanted) {
    const auto* message = find_message(session, wanted.number);
    if (message == nullptr) co_return;
    std::string text(replies::top_follows.text);
    co_await send(session, message->uid, message_encoder(wanted.lines), first_piece_of_top,
                  std::move(text));
}

}  // namespace hauspost::pop3
