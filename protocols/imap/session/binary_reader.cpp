#include "protocols/imap/session/binary_reader.hpp"

#include "storage/errc.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace hauspost::imap {
namespace {

constexpr std::size_t encoded_piece_octets = 64 * 1024;

}  // namespace

binary_reader::binary_reader(storage::blob_store& blobs,
                             blob_id blob,
                             std::string_view prefix,
                             section_octets where,
                             message::transfer_encoding how)
    : blobs_(blobs), blob_(blob), prefix_(prefix), where_(std::move(where)), decoder_(how) {}

awaitable<result<std::string_view>> binary_reader::next() {
    decoded_.clear();
    while (decoded_.empty() && !is_finished_) {
        if (piece_ == where_.pieces.size()) {
            decoder_.finish(decoded_);
            is_finished_ = true;
            break;
        }
        const auto failed = co_await read_piece();
        if (failed) co_return failed;
        decoder_.feed(raw_, decoded_);
    }
    co_return std::string_view(decoded_);
}

awaitable<error_code> binary_reader::read_piece() {
    auto& piece = where_.pieces[piece_];
    raw_.resize(
        static_cast<std::size_t>(std::min<std::uint64_t>(piece.count, encoded_piece_octets)));
    if (piece.from == octet_piece::source::prefix) {
        raw_.assign(prefix_.substr(piece.offset, raw_.size()));
    } else {
        const std::span<char> into(raw_);
        const auto got = co_await blobs_.read(blob_, piece.offset, into);
        if (!got) co_return got.error();
        if (*got != raw_.size()) co_return make_error_code(storage::errc::no_such_message);
    }
    piece.offset += raw_.size();
    piece.count -= raw_.size();
    if (piece.count == 0) ++piece_;
    co_return error_code();
}

}  // namespace hauspost::imap
