#include "storage/lmdb/janitor.hpp"

#include "base/log.hpp"
#include "storage/lmdb/expunged_rows.hpp"
#include "storage/lmdb/mailbox_rows.hpp"
#include "storage/lmdb/message_rows.hpp"
#include "storage/lmdb/vanished_rows.hpp"

#include <malloc.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>

namespace hauspost::storage {

using namespace schema;

namespace {

constexpr std::size_t messages_per_slice = 500;  // some 3 ms of the writer
constexpr std::size_t blobs_per_slice = 100;
constexpr std::size_t rows_per_snapshot = 20'000;  // some 5 ms of an open read transaction
constexpr std::uint64_t punch_from_octets = 64 * 1024;
constexpr std::uint64_t sparse_percent = 40;

}  // namespace

janitor::janitor(parts of, const store_options& options, const clock& time)
    : env_(of.env),
      files_(of.files),
      room_(of.room),
      health_(of.health),
      options_(options),
      time_(time) {}

janitor::~janitor() {
    stop();
}

void janitor::start(writer& pen) {
    pen_ = &pen;
    {
        read_txn tx(env_);
        cursor at(tx, table::segment);
        for (bool more = at.first(); more; more = at.next()) {
            const auto row = decode_segment(at.value());
            if (row.committed - std::min(row.live, row.committed) >= punch_from_octets)
                gaps_below_[load_be<std::uint32_t>(at.key().data())] = row.committed;
        }
    }
    thread_ = std::thread([this] { loop(); });
    pthread_setname_np(thread_.native_handle(), "store-janitor");
}

void janitor::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void janitor::note_freed(const std::vector<freed_blob>& freed) {
    if (freed.empty()) return;
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex_);
    for (const auto& blob : freed)
        if (blob.place.segment == 0 || blob.octets >= punch_from_octets)
            freed_.push_back({now, blob});
}

void janitor::note_removal() {
    const std::lock_guard lock(mutex_);
    has_removals_ = true;
    wake_.notify_all();
}

void janitor::note_dropped() noexcept {
    const std::lock_guard lock(mutex_);
    has_dropped_ = true;
    wake_.notify_all();
}

void janitor::loop() {
    auto next_round = std::chrono::steady_clock::now() + options_.tidy_interval;
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        wake_.wait_for(lock, std::chrono::seconds(1),
                       [this] { return stopping_ || has_removals_ || has_dropped_; });
        if (stopping_ || health_.is_broken()) return;
        has_dropped_ = false;
        const bool is_removal_due = has_removals_ || owes_removals_;
        lock.unlock();
        bool is_due = false;
        try {
            // Short of space, what users expunge has to come back at once, not in a minute.
            const bool is_low = room_.is_low() || env_.is_nearly_full();
            is_due = options_.tidy_interval.count() > 0 &&
                     (is_low || std::chrono::steady_clock::now() >= next_round);
            work_off(is_removal_due, is_due);
        } catch (const std::exception& error) {
            log::error("janitor_fault what=\"{}\"", error.what());
        }
        if (is_due) next_round = std::chrono::steady_clock::now() + options_.tidy_interval;
        lock.lock();
    }
}

void janitor::work_off(bool is_removal_due, bool is_round_due) {
    files_.give_back();
    room_.look();
    {
        const std::lock_guard alone(round_);
        release_freed();  // soon: the next mail may need it
    }
    if (is_removal_due) {
        const std::lock_guard alone(round_);
        finish_removals(*pen_);
    }
    if (!is_round_due) return;
    run_once(*pen_);
    malloc_trim(0);  // memory of closed connections goes back to the system
}

std::size_t janitor::run_once(writer& pen) {
    const std::lock_guard alone(round_);
    finish_removals(pen);
    const auto purged = purge_expired(pen);
    forget_old_vanished(pen);
    copy_sparse_segments(pen);
    remove_empty_segments(pen);
    files_.give_back();
    find_gaps();
    release_freed();
    remove_strays();
    return purged;
}

// --- retention -----------------------------------------------------------------------------------

std::size_t janitor::purge_expired(writer& pen) {
    // A clock that stands at 1970 after a restart must not make everything look expired.
    const auto limit = std::max<std::time_t>(
        0, std::chrono::system_clock::to_time_t(time_.now() - options_.retention));
    std::size_t purged = 0;
    for (bool more = true; more;) {
        auto work = [limit](write_context& context) -> result<std::size_t> {
            const auto rows = expired_rows(context.tx, limit, messages_per_slice);
            for (const auto& row : rows)
                purge_expunged(context, row);
            return rows.size();
        };
        const auto done = pen.run_blocking(work);
        if (!done) return purged;  // the store is stopping, or full: next time
        purged += *done;
        more = *done == messages_per_slice;
    }
    purged += purge_over_limits(pen);
    if (purged > 0) log::info("purge messages={}", purged);
    return purged;
}

/// What the writer has left over, and after a quota was made smaller.
std::size_t janitor::purge_over_limits(writer& pen) {
    std::size_t purged = 0;
    for (auto account = next_that_keeps(account_id()); account;
         account = next_that_keeps(account)) {
        for (bool more = true; more;) {
            auto work = [&](write_context& context) -> result<std::size_t> {
                return purge_over_limit(context, account, options_.expunged_quotas,
                                        messages_per_slice);
            };
            const auto done = pen.run_blocking(work);
            if (!done) return purged;
            purged += *done;
            more = *done == messages_per_slice;
        }
    }
    return purged;
}

/// The next account that has expunged messages; 0: none.
account_id janitor::next_that_keeps(account_id after) {
    const read_txn tx(env_);
    cursor at(tx, table::expunged);
    const bool found = at.seek(account_key(account_id(after.value() + 1)));
    return account_id(found ? load_be<std::uint32_t>(at.key().data()) : 0);
}

namespace {

vanished_limits limits_of(const store_options& options, const clock& time) {
    vanished_limits most;
    most.most_ranges = options.vanished_ranges;
    most.written_before = std::chrono::system_clock::to_time_t(time.now() - options.vanished_age);
    return most;
}

}  // namespace

void janitor::forget_old_vanished(writer& pen) {
    const auto most = limits_of(options_, time_);
    std::vector<mailbox_key> full;
    std::string from(8, '\0');
    for (bool more = true; more;) {
        read_txn tx(env_);
        cursor at(tx, table::mailbox);
        more = at.seek(from);
        for (std::size_t n = 0; more && n < rows_per_snapshot / 10; ++n, more = at.next()) {
            const mailbox_key box{account_id(load_be<std::uint32_t>(at.key().data())),
                                  mailbox_id(load_be<std::uint32_t>(at.key().data() + 4))};
            if (has_old_vanished(tx, box, most)) full.push_back(box);
        }
        if (more) from = at.key();
    }
    for (const auto box : full)
        forget_vanished_of(pen, box);
}

void janitor::forget_vanished_of(writer& pen, mailbox_key box) {
    const auto most = limits_of(options_, time_);
    for (bool more = true; more;) {
        auto work = [&](write_context& context) -> result<std::size_t> {
            return forget_vanished(context, box, most, messages_per_slice);
        };
        const auto done = pen.run_blocking(work);
        more = done && *done == messages_per_slice;
    }
}

// --- removed mailboxes ---------------------------------------------------------------------------

void janitor::finish_removals(writer& pen) {
    {
        const std::lock_guard lock(mutex_);
        if (!has_removals_ && !owes_removals_) return;
        has_removals_ = false;
        owes_removals_ = true;  // until all of it is done, whatever comes between
    }
    std::vector<mailbox_key> going;
    {
        read_txn tx(env_);
        cursor at(tx, table::mailbox);
        for (bool more = at.first(); more; more = at.next())
            if (decode_mailbox(at.value()).removing)
                going.push_back({account_id(load_be<std::uint32_t>(at.key().data())),
                                 mailbox_id(load_be<std::uint32_t>(at.key().data() + 4))});
    }
    for (const auto& box : going)
        if (!empty_mailbox(pen, box)) return;
    const std::lock_guard lock(mutex_);
    owes_removals_ = false;
}

/// False: refused, for the moment.
bool janitor::empty_mailbox(writer& pen, mailbox_key box) {
    for (bool more = true; more;) {
        auto work = [&](write_context& context) -> result<bool> {
            account_edit edit(context, box.account);
            if (!edit.exists() || edit.mailbox(box.mailbox) == nullptr) return false;
            const mail::uid_range all{uid(1), uid(UINT32_MAX)};
            const auto uids = present_uids(context.tx, box, {&all, 1}, false, messages_per_slice);
            expunge_messages(context, edit, box, uids);
            if (uids.empty()) finish_removal(context, edit, box);
            edit.save();
            if (uids.empty()) forget_removed_account(context, box.account);
            return !uids.empty();
        };
        const auto done = pen.run_blocking(work);
        if (!done) return false;
        more = *done;
    }
    return true;
}

// --- space ---------------------------------------------------------------------------------------

void janitor::release_freed() {
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

void janitor::copy_sparse_segments(writer& pen) {
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
        for (std::size_t n = 0; more && n < rows_per_snapshot; ++n, more = at.next())
            if (sparse.contains(decode_blob(at.value()).segment))
                wanted.emplace_back(load_be<std::uint64_t>(at.key().data()));
        if (more) from = at.key();
    }
    for (std::size_t i = 0; i < wanted.size(); i += blobs_per_slice)
        copy_blobs(pen, {wanted.begin() + static_cast<std::ptrdiff_t>(i),
                         wanted.begin() + static_cast<std::ptrdiff_t>(
                                              std::min(wanted.size(), i + blobs_per_slice))});
    log::info("copy_segments segments={} blobs={}", sparse.size(), wanted.size());
}

void janitor::copy_blobs(writer& pen, const std::vector<blob_id>& blobs) {
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
    if (const auto done = pen.run_blocking(work); !done) {
        log::info("copy_segments stopped reason=\"{}\"", done.error().message());
        return;
    }
    for (std::size_t i = 0; i < moved.size(); ++i)
        if (is_moved[i]) reserved[i].keep();
}

void janitor::remove_empty_segments(writer& pen) {
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
        const auto removed = pen.run_blocking(work);
        if (removed && *removed) files_.remove_segment(number);
    }
}

// --- what no row names ---------------------------------------------------------------------------

/// What a crash left between octets that count: bodies that were never committed, and dead ones
/// that waited to become holes. Looked for once, below the lengths that this start found.
void janitor::find_gaps() {
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
        for (std::size_t n = 0; more && n < rows_per_snapshot; ++n, more = at.next()) {
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
janitor::stray_files janitor::find_strays() const {
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

void janitor::remove_strays() {
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

std::vector<std::string> janitor::strays() {
    const std::lock_guard alone(round_);
    const auto found = find_strays();
    // When an empty operation has ended, what commits before the list have freed is noted.
    auto nothing = [](write_context&) -> result<bool> { return true; };
    const auto done = pen_->run_blocking(nothing);
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

}  // namespace hauspost::storage
