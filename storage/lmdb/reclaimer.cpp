#include "storage/lmdb/reclaimer.hpp"

#include "base/log.hpp"

#include <unistd.h>

#include <algorithm>
#include <set>
#include <utility>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

constexpr std::size_t blobs_per_slice = 100;
constexpr std::size_t blobs_per_snapshot = 20'000;  // some 5 ms of an open read transaction
constexpr std::uint64_t punch_from_octets = 64 * 1024;
constexpr std::uint64_t sparse_percent = 40;

}  // namespace

void reclaimer::remember_gaps() {
    read_txn tx(env_);
    cursor at(tx, table::segment);
    for (bool more = at.first(); more; more = at.next()) {
        const auto row = decode_segment(at.value());
        if (row.committed - std::min(row.live, row.committed) >= punch_from_octets)
            gaps_below_[load_be<std::uint32_t>(at.key().data())] = row.committed;
    }
}

void reclaimer::note_freed(const std::vector<freed_blob>& freed) {
    if (freed.empty()) return;
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex_);
    for (const auto& blob : freed)
        if (blob.place.segment == 0 || blob.octets >= punch_from_octets)
            freed_.push_back({now, blob});
}

void reclaimer::run(writer& writer) {
    copy_sparse_segments(writer);
    remove_empty_segments(writer);
    files_.give_back();
    find_gaps();
    release_freed();
    remove_strays();
}

void reclaimer::release_freed() {
    const auto ripe = std::chrono::steady_clock::now() - options_.reuse_delay;
    for (;;) {
        freed_blob next;
        {
            const std::lock_guard lock(mutex_);
            if (freed_.empty() || freed_.front().since > ripe) return;
            next = freed_.front().blob;
            freed_.pop_front();
        }
        if (next.place.segment == 0)
            files_.remove_own_file(next.blob);
        else
            files_.punch(next.place, next.octets);
    }
}

void reclaimer::copy_sparse_segments(writer& writer) {
    std::set<std::uint32_t> sparse;
    std::vector<blob_id> wanted;
    {
        read_txn tx(env_);
        cursor at(tx, table::segment);
        for (bool more = at.first(); more; more = at.next()) {
            const auto number = load_be<std::uint32_t>(at.key().data());
            const auto row = decode_segment(at.value());
            if (number != files_.current() && row.live > 0 &&
                row.live * 100 < row.committed * sparse_percent)
                sparse.insert(number);
        }
    }
    if (sparse.empty()) return;
    std::string from(8, '\0');
    for (bool more = true; more;) {
        // Short snapshots: a long one would keep all pages freed meanwhile from being used.
        read_txn tx(env_);
        cursor at(tx, table::blob);
        more = at.seek(from);
        for (std::size_t n = 0; more && n < blobs_per_snapshot; ++n, more = at.next())
            if (sparse.contains(decode_blob(at.value()).segment))
                wanted.emplace_back(load_be<std::uint64_t>(at.key().data()));
        if (more) from = at.key();
    }
    for (std::size_t i = 0; i < wanted.size(); i += blobs_per_slice)
        copy_blobs(writer, {wanted.begin() + static_cast<std::ptrdiff_t>(i),
                            wanted.begin() + static_cast<std::ptrdiff_t>(
                                                 std::min(wanted.size(), i + blobs_per_slice))});
    log::info("copy_segments segments={} blobs={}", sparse.size(), wanted.size());
}

void reclaimer::copy_blobs(writer& writer, const std::vector<blob_id>& blobs) {
    std::vector<std::pair<placed_blob, blob_place>> moved;
    std::vector<segment_files::reservation> reserved;
    std::set<std::uint32_t> segments;
    std::string octets;
    for (const auto id : blobs) {
        blob_row row;
        {
            read_txn tx(env_);
            const auto found = tx.get(table::blob, blob_key(id));
            if (!found) continue;
            row = decode_blob(*found);
        }
        const blob_place from{row.segment, row.offset};
        const auto file = files_.open(id, from);
        octets.resize(row.octets);
        if (!file || row.segment == 0 ||
            pread(file->fd(), octets.data(), octets.size(), static_cast<off_t>(row.offset)) !=
                static_cast<ssize_t>(row.octets) ||
            segment_files::checksum(octets) != row.checksum) {
            log::error("damaged_blob blob={} segment={} offset={}", id.value(), row.segment,
                       row.offset);
            continue;  // left where it is: `check` names its messages
        }
        auto where = files_.reserve(row.octets);
        const segment_files::record copy{id, octets, where.place(), row.checksum};
        files_.write({&copy, 1});
        segments.insert(where.place().segment);
        moved.push_back({{id, where.place(), row.octets, row.checksum}, from});
        reserved.push_back(std::move(where));
    }
    for (const auto segment : segments)
        files_.sync(segment);
    std::vector<bool> is_moved;
    auto work = [&](write_context& context) -> result<std::size_t> {
        is_moved.clear();
        for (const auto& [blob, from] : moved)
            is_moved.push_back(context.move_blob(blob, from));
        return moved.size();
    };
    if (const auto done = writer.run_blocking(work); !done) {
        log::info("copy_segments stopped reason=\"{}\"", done.error().message());
        return;
    }
    for (std::size_t i = 0; i < moved.size(); ++i)
        if (is_moved[i]) reserved[i].keep();
}

void reclaimer::remove_empty_segments(writer& writer) {
    const auto now = std::chrono::steady_clock::now();
    std::map<std::uint32_t, steady_time> still_empty;
    {
        read_txn tx(env_);
        cursor at(tx, table::segment);
        for (bool more = at.first(); more; more = at.next()) {
            const auto number = load_be<std::uint32_t>(at.key().data());
            if (number == files_.current() || decode_segment(at.value()).live > 0) continue;
            const auto known = empty_since_.find(number);
            still_empty[number] = known == empty_since_.end() ? now : known->second;
        }
    }
    empty_since_ = std::move(still_empty);
    for (const auto& [number, since] : empty_since_) {
        if (now - since < options_.reuse_delay) continue;
        auto work = [this, number = number](write_context& context) -> result<bool> {
            const auto row = context.tx.get(table::segment, segment_key(number));
            if (!row || decode_segment(*row).live > 0 || files_.is_in_use(number)) return false;
            return context.tx.remove(table::segment, segment_key(number));
        };
        const auto removed = writer.run_blocking(work);
        if (removed && *removed) files_.remove_segment(number);
    }
}

/// What a crash left between octets that count: bodies that were never committed, and dead ones
/// that waited to become holes. Looked for once, below the lengths that this start found.
void reclaimer::find_gaps() {
    constexpr std::uint64_t page = 4096;
    if (gaps_below_.empty()) return;
    std::map<std::uint32_t, std::vector<bool>> live_pages;
    for (const auto& [number, committed] : gaps_below_)
        live_pages[number].resize(committed / page + 1);
    std::string from(8, '\0');
    for (bool more = true; more;) {
        read_txn tx(env_);
        cursor at(tx, table::blob);
        more = at.seek(from);
        for (std::size_t n = 0; more && n < blobs_per_snapshot; ++n, more = at.next()) {
            const auto row = decode_blob(at.value());
            const auto segment = live_pages.find(row.segment);
            if (segment == live_pages.end()) continue;
            auto& pages = segment->second;
            const auto end = row.offset + row.octets + segment_files::tail_octets;
            for (auto p = (row.offset - segment_files::head_octets) / page;
                 p * page < end && p < pages.size(); ++p)
                pages[p] = true;
        }
        if (more) from = at.key();
    }
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex_);
    for (const auto& [number, pages] : live_pages) {
        const auto gap_pages = gaps_below_[number] / page;  // whole ones
        for (std::uint64_t p = 0; p < gap_pages; ++p) {
            const auto first = p;
            while (p < gap_pages && !pages[p])
                ++p;
            if ((p - first) * page >= punch_from_octets)
                freed_.push_back({now, {blob_id(), {number, first * page}, (p - first) * page}});
        }
    }
    gaps_below_.clear();
}

/// The order matters: a file that is in the list and not reserved any more when that is asked
/// either was committed before, and then its row is found, or never will be.
reclaimer::stray_files reclaimer::find_strays() const {
    stray_files found;
    const auto segments = files_.segments();
    const auto own_files = files_.own_files();
    for (const auto number : segments)
        if (!files_.is_in_use(number)) found.segments.push_back(number);
    for (const auto blob : own_files)
        if (!files_.is_reserved(blob)) found.own_files.push_back(blob);
    const read_txn tx(env_);
    std::erase_if(found.segments, [&](std::uint32_t number) {
        return tx.get(table::segment, segment_key(number)).has_value();
    });
    std::erase_if(found.own_files,
                  [&](blob_id blob) { return tx.get(table::blob, blob_key(blob)).has_value(); });
    return found;
}

void reclaimer::remove_strays() {
    const auto now = std::chrono::steady_clock::now();
    std::map<std::filesystem::path, steady_time> still_there;
    std::size_t removed = 0;
    const auto is_ripe = [&](const std::filesystem::path& path) {
        const auto known = stray_since_.find(path);
        const auto since = known == stray_since_.end() ? now : known->second;
        if (now - since < options_.reuse_delay) {
            still_there[path] = since;
            return false;
        }
        ++removed;
        return true;
    };
    const auto strays = find_strays();
    for (const auto number : strays.segments)
        if (is_ripe(files_.segment_path(number))) files_.remove_segment(number);
    for (const auto blob : strays.own_files)
        if (is_ripe(files_.own_path(blob))) files_.remove_own_file(blob);
    stray_since_ = std::move(still_there);
    if (removed > 0) log::info("remove_stray_files files={}", removed);
}

std::vector<std::string> reclaimer::strays(writer& writer) {
    const auto found = find_strays();
    // When an empty operation has ended, what commits before the list have freed is noted.
    auto nothing = [](write_context&) -> result<bool> { return true; };
    const auto done = writer.run_blocking(nothing);
    if (!done) return {};  // the store is stopping
    std::vector<std::string> names;
    for (const auto number : found.segments)
        names.push_back(files_.segment_path(number).filename());
    const std::lock_guard lock(mutex_);
    for (const auto blob : found.own_files)
        // One that was dropped, and not reserved any more, may have gone since the list was made.
        if (std::filesystem::exists(files_.own_path(blob)) &&
            std::none_of(freed_.begin(), freed_.end(),
                         [blob](const waiting& one) { return one.blob.blob == blob; }))
            names.push_back("big/" + files_.own_path(blob).filename().string());
    return names;
}

}  // namespace hauspost::storage::lmdb
