#include "base/octets.hpp"
#include "storage/lmdb/db_error.hpp"
#include "storage/lmdb/segment_files.hpp"

#include <sys/uio.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <memory>

/// How records get into their places.
namespace hauspost::storage::lmdb {
namespace {

constexpr std::string_view magic = "HPB1";

std::string record_head(blob_id blob, std::uint64_t octets) {
    std::string head(magic);
    append_le(head, std::uint32_t{0});
    append_le(head, blob.value());
    append_le(head, octets);
    append_le(head, segment_files::checksum(head));
    return head;
}

/// Writes all of it, whatever the kernel takes at once.
void write_all(int fd, std::span<iovec> parts, std::uint64_t offset) {
    while (!parts.empty()) {
        const auto count = std::min<std::size_t>(parts.size(), IOV_MAX);
        const auto done =
            pwritev(fd, parts.data(), static_cast<int>(count), static_cast<off_t>(offset));
        if (done < 0) {
            if (errno == EINTR) continue;
            throw_errno(errno, "write message octets");
        }
        offset += static_cast<std::uint64_t>(done);
        auto left = static_cast<std::size_t>(done);
        while (!parts.empty() && left >= parts.front().iov_len) {
            left -= parts.front().iov_len;
            parts = parts.subspan(1);
        }
        if (left > 0) {
            parts.front().iov_base = static_cast<char*>(parts.front().iov_base) + left;
            parts.front().iov_len -= left;
        }
    }
}

iovec part(std::string_view octets) {
    return {const_cast<char*>(octets.data()), octets.size()};
}

}  // namespace

/// After a fault the next records may have more luck in another segment.
void segment_files::write_parts(std::uint32_t segment,
                                std::span<iovec> parts,
                                std::uint64_t offset) {
    const auto file = segment_handle(segment);
    if (!file) throw fault("segment file is gone while it is written");
    try {
        write_all(file->fd(), parts, offset);
    } catch (const storage_full&) {
        throw;
    } catch (const fault&) {
        abandon(segment);
        throw;
    }
}

void segment_files::write(std::span<const record> records) {
    while (!records.empty()) {
        // As many as lie side by side in one segment go in one call.
        std::size_t count = 1;
        const auto follows = [&](const record& before, const record& after) {
            return after.place.segment == before.place.segment &&
                   after.place.offset == before.place.offset + record_octets(before.body.size());
        };
        while (count < records.size() && follows(records[count - 1], records[count]))
            ++count;
        std::vector<std::string> edges;  // heads and tails
        edges.reserve(count * 2);
        std::vector<iovec> parts;
        parts.reserve(count * 3);
        for (const auto& one : records.first(count)) {
            parts.push_back(part(edges.emplace_back(record_head(one.blob, one.body.size()))));
            parts.push_back(part(one.body));
            append_le(edges.emplace_back(), one.checksum);
            parts.push_back(part(edges.back()));
        }
        const auto& first = records.front().place;
        write_parts(first.segment, parts, first.offset - head_octets);
        records = records.subspan(count);
    }
}

std::uint64_t segment_files::write_from_file(blob_id blob,
                                             blob_place place,
                                             int fd,
                                             std::uint64_t octets) {
    const auto head = record_head(blob, octets);
    std::array<iovec, 1> one = {part(head)};
    write_parts(place.segment, one, place.offset - head_octets);
    const std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> hash(XXH3_createState(),
                                                                               XXH3_freeState);
    XXH3_64bits_reset(hash.get());
    std::vector<char> buffer(256 * 1024);
    for (std::uint64_t done = 0; done < octets;) {
        const auto got = pread(fd, buffer.data(), buffer.size(), static_cast<off_t>(done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) throw_errno(got < 0 ? errno : EIO, "read received octets");
        const auto size = static_cast<std::size_t>(got);
        XXH3_64bits_update(hash.get(), buffer.data(), size);
        one = {part({buffer.data(), size})};
        write_parts(place.segment, one, place.offset + done);
        done += size;
    }
    const auto sum = XXH3_64bits_digest(hash.get());
    std::string tail;
    append_le(tail, std::uint64_t{sum});
    one = {part(tail)};
    write_parts(place.segment, one, place.offset + octets);
    return sum;
}

}  // namespace hauspost::storage::lmdb
