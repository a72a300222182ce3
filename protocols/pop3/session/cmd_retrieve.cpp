#include "protocols/pop3/session/connection.hpp"
#include "storage/errc.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace hauspost::pop3 {
namespace {

constexpr std::size_t piece_octets = 128 * 1024;
// TOP wants little more than the header of most messages.
constexpr std::size_t first_piece_of_top = 16 * 1024;

const reply& read_refused(error_code why) {
    return why == storage::errc::busy ? replies::busy : replies::message_is_gone;
}

}  // namespace

awaitable<void> connection::on(const cmd::retr& wanted) {
    const auto* message = find(wanted.number);
    if (message == nullptr) co_return;
    std::string text;
    append_number(text, message->octets);
    text += " octets";
    const bool is_sent =
        co_await send(message->uid, message_encoder(), piece_octets, std::move(text));
    if (!is_sent) co_return;
    ++retrieved_;
    maildrop_.mark_read(wanted.number);
}

awaitable<void> connection::on(const cmd::top& wanted) {
    const auto* message = find(wanted.number);
    if (message == nullptr) co_return;
    std::string text(replies::top_follows.text);
    co_await send(message->uid, message_encoder(wanted.lines), first_piece_of_top, std::move(text));
}

/// False: it is not there any more, and the answer is given.
awaitable<bool> connection::look_up(uid id, found_message& found) {
    const auto visitor = [&](const storage::message_view& message) {
        found.blob = message.blob;
        found.prefix = message.prefix;
        found.blob_octets = message.octets - message.prefix.size();
    };
    const auto refused =
        co_await ports_.mail.look_at(inbox_, id, storage::walk_detail::row_heads, visitor);
    if (refused) refuse(read_refused(refused));
    co_return !refused;
}

/// Reads into piece_; all that was asked for, or an error.
awaitable<error_code> connection::read_piece(blob_id blob,
                                             std::uint64_t offset,
                                             std::size_t octets) {
    if (piece_octets_ < octets) {
        piece_ = std::make_unique_for_overwrite<char[]>(octets);
        piece_octets_ = octets;
    }
    const std::span<char> into(piece_.get(), octets);
    const auto got = co_await ports_.blobs.read(blob, offset, into);
    if (!got) co_return got.error();
    co_return *got == octets ? error_code() : make_error_code(storage::errc::no_such_message);
}

/// The answer to RETR and TOP. The first octets are read before the +OK: a message that is gone is
/// an -ERR. When later ones cannot be read, no answer would be right, and the connection ends.
awaitable<bool> connection::send(uid id,
                                 message_encoder encoder,
                                 std::size_t next_octets,
                                 std::string ok_text) {
    found_message message;
    const bool is_there = co_await look_up(id, message);
    if (!is_there) co_return false;
    std::uint64_t offset = 0;
    do {
        const auto left = message.blob_octets - offset;
        const auto octets = static_cast<std::size_t>(std::min<std::uint64_t>(left, next_octets));
        const auto failed = co_await read_piece(message.blob, offset, octets);
        if (failed && offset == 0) {
            refuse(read_refused(failed));
            co_return false;
        }
        if (failed) {
            channel_.lose(failed);
            co_return false;
        }
        out().reserve(out().size() + message.prefix.size() + octets + octets / 64 + 256);
        if (offset == 0) {
            say(reply{true, "", ok_text});
            encoder.encode(message.prefix, out());
        }
        encoder.encode(std::string_view(piece_.get(), octets), out());
        offset += octets;
        next_octets = std::min(2 * next_octets, piece_octets);
        const bool goes_on = co_await loop_.make_room();
        if (!goes_on) co_return false;
    } while (offset < message.blob_octets && !encoder.is_complete());
    encoder.finish(out());
    co_return true;
}

}  // namespace hauspost::pop3
