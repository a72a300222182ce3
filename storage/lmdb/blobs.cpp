#include "storage/lmdb/blobs.hpp"

#include "storage/lmdb/db_error.hpp"

#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

[[noreturn]] void throw_too_short() {
    throw fault("a message file is shorter than its blobs");
}

}  // namespace

std::unique_ptr<staged_blob> blobs::stage() {
    return std::make_unique<staged_body>(
        staging_area{core_.files, core_.readers, core_.ids, core_.room, core_.budget});
}

result<blobs::piece> blobs::find(blob_id blob, std::uint64_t offset, std::span<char> into) {
    for (blob_row before;;) {
        blob_row row;
        {
            read_txn tx(core_.env);
            const auto found = tx.get(table::blob, blob_key(blob));
            if (!found) return fail(errc::no_such_message);
            row = decode_blob(*found);
        }
        if (auto file = core_.files.open(blob, {row.segment, row.offset})) {
            const auto left = row.octets - std::min(row.octets, offset);
            const auto wanted = std::min<std::uint64_t>(into.size(), left);
            return piece{std::move(file), row.offset + offset, into.first(wanted)};
        }
        // Moved to another segment, or purged, since the row was read: look again.
        if (row == before) throw fault("a message file is missing");
        before = row;
    }
}

/// What is in the page cache, from the beginning on. Returns how many octets that were.
std::size_t blobs::read_cached(const piece& wanted) {
    std::size_t done = 0;
    while (done < wanted.into.size()) {
        const auto rest = wanted.into.subspan(done);
        const iovec part{rest.data(), rest.size()};
        const auto got =
            preadv2(wanted.file->fd(), &part, 1, static_cast<off_t>(wanted.at + done), RWF_NOWAIT);
        if (got == 0) throw_too_short();
        if (got > 0) done += static_cast<std::size_t>(got);
        if (got >= 0 || errno == EINTR) continue;
        if (errno == EAGAIN || errno == EOPNOTSUPP) break;
        throw_errno(errno, "read message octets");
    }
    return done;
}

/// All of it; waits for the disk.
void blobs::read_from_disk(const piece& wanted) {
    std::size_t done = 0;
    while (done < wanted.into.size()) {
        const auto rest = wanted.into.subspan(done);
        const auto got = pread(wanted.file->fd(), rest.data(), rest.size(),
                               static_cast<off_t>(wanted.at + done));
        if (got == 0) throw_too_short();
        if (got < 0 && errno != EINTR) throw_errno(errno, "read message octets");
        if (got > 0) done += static_cast<std::size_t>(got);
    }
}

awaitable<result<std::size_t>> blobs::read(blob_id blob,
                                           std::uint64_t offset,
                                           std::span<char> into) {
    const auto wanted = find(blob, offset, into);
    if (!wanted) co_return wanted.error();
    const auto done = read_cached(*wanted);
    if (done == wanted->into.size()) co_return done;
    const piece rest{wanted->file, wanted->at + done, wanted->into.subspan(done)};
    auto work = [&rest] { read_from_disk(rest); };
    if (!co_await core_.readers.run(std::move(work))) co_return fail(errc::busy);
    co_return wanted->into.size();
}

result<std::size_t> blobs::read_here(blob_id blob, std::uint64_t offset, std::span<char> into) {
    const auto wanted = find(blob, offset, into);
    if (!wanted) return wanted.error();
    read_from_disk(*wanted);
    return wanted->into.size();
}

}  // namespace hauspost::storage::lmdb
