#include "protocols/imap/session/fetch/binary_reader.hpp"
#include "protocols/imap/session/fetch/fetch_run.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/errc.hpp>

#include <algorithm>
#include <utility>

/// fetch_run: BINARY and BINARY.SIZE (RFC 3516).
namespace hauspost::imap {
namespace {

using message::transfer_encoding;

// What is kept of the first decoding, so that most parts need no second one.
constexpr std::size_t max_kept_octets = 64 * 1024;

/// Only a leaf is encoded; what is made of parts, and the whole message, is as it is (RFC 2045
/// 6.4).
transfer_encoding encoding_of(const message::part* part) {
    if (part == nullptr || part->type != message::part::kind::leaf)
        return transfer_encoding::identity;
    return message::transfer_encoding_of(part->encoding);
}

}  // namespace

std::string_view decoded_range::take(std::string_view piece) noexcept {
    const auto from = std::min<std::uint64_t>(first_ - std::min(first_, all_), piece.size());
    const auto to = std::min<std::uint64_t>(end_ - std::min(end_, all_), piece.size());
    all_ += piece.size();
    const auto wanted = piece.substr(from, to - from);
    count_ += wanted.size();
    has_nul_ = has_nul_ || wanted.find('\0') != std::string_view::npos;
    return wanted;
}

error_code fetch_run::refuse_unknown_encoding(const std::vector<message::part>& parts) const {
    for (const auto& item : items_.sections)
        if (item.what != body_item::form::as_is &&
            encoding_of(named_part(item.section, parts)) == transfer_encoding::unknown)
            return make_error_code(boost::system::errc::not_supported);
    return {};
}

awaitable<error_code> fetch_run::write_binary(const body_item& item,
                                              const found& message,
                                              section_octets where,
                                              const message::part* part) {
    const auto how = encoding_of(part);
    // A part that fits in one piece is decoded once, a larger one again when it is sent.
    binary_reader counting(session_.ports.blobs, message.view.blob, message.prefix, where, how);
    decoded_range range(item.partial);
    std::string kept;
    for (bool is_whole = true;;) {
        const auto piece = co_await counting.next();
        if (!piece) co_return piece.error();
        if (piece->empty()) break;
        const auto wanted = range.take(*piece);
        if (is_whole) kept.append(wanted);
        if (kept.size() > max_kept_octets) {
            is_whole = false;
            std::string().swap(kept);
        }
        if (session_.is_turn_over()) co_await session_.yield();
    }
    auto writer = session_.writer();
    if (item.what == body_item::form::decoded_size) {
        writer.number(range.all());
        co_return error_code();
    }
    // RFC 3516 4.3: octets that have no NUL come as any string.
    if (range.has_nul())
        writer.literal8_head(range.count());
    else
        writer.literal_head(range.count());
    if (kept.size() == range.count()) {
        writer.raw(kept);
        co_return error_code();
    }
    binary_reader sending(session_.ports.blobs, message.view.blob, message.prefix, std::move(where),
                          how);
    co_return co_await send_decoded(sending, item);
}

awaitable<error_code> fetch_run::send_decoded(binary_reader& from, const body_item& item) {
    decoded_range range(item.partial);
    for (;;) {
        const auto piece = co_await from.next();
        if (!piece) co_return piece.error();
        if (piece->empty()) co_return error_code();
        session_.out() += range.take(*piece);
        if (!co_await session_.make_room()) co_return asio::error::connection_aborted;
        if (session_.is_turn_over()) co_await session_.yield();
    }
}

}  // namespace hauspost::imap
