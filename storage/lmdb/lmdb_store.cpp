#include "storage/lmdb/lmdb_store.hpp"

#include "base/log.hpp"
#include "storage/lmdb/check.hpp"
#include "storage/lmdb/expunged_rows.hpp"
#include "storage/lmdb/migrate.hpp"
#include "storage/lmdb/put_back.hpp"
#include "storage/lmdb/store_parts.hpp"
#include "storage/lmdb/summary_renewal.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace hauspost::storage {

using namespace schema;

namespace {

/// How far blob ids in table "meta" run ahead of those in use.
constexpr std::uint64_t blob_id_stride = 4096;

std::filesystem::path ensure_folder(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    return folder;
}

bool holds_files(const std::filesystem::path& folder) {
    const auto all = std::filesystem::recursive_directory_iterator(folder);
    return std::any_of(begin(all), end(all),
                       [](const auto& entry) { return entry.is_regular_file(); });
}

/// The folder of the environment. When its making was broken off by a power cut before anything was
/// stored, the file that is left goes out of the way, and the environment is made anew. Where
/// message octets are, it is damage, for the operator to see.
std::filesystem::path ensure_meta_folder(const std::filesystem::path& data_dir) {
    const auto folder = ensure_folder(data_dir / "meta");
    const auto blobs = ensure_folder(data_dir / "blobs");
    if (!std::filesystem::exists(folder / "data.mdb") || holds_files(blobs) ||
        !environment::is_refused(folder))
        return folder;
    log::warn("store_made_anew reason=\"its making was broken off\" kept={}",
              (folder / "data.mdb.unfinished").string());
    std::filesystem::rename(folder / "data.mdb", folder / "data.mdb.unfinished");
    return folder;
}

/// Held as long as the store is open, so that no second process opens it.
file_handle take_lock(const std::filesystem::path& data_dir) {
    const auto path = ensure_folder(data_dir) / "lock";
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) throw_errno(errno, "open " + path.string());
    auto handle = std::make_shared<const open_file>(fd);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        throw fault("another process has the store in " + data_dir.string() + " open");
    return handle;
}

std::vector<segment_files::known_segment> known_segments(environment& env) {
    std::vector<segment_files::known_segment> known;
    read_txn tx(env);
    cursor at(tx, table::segment);
    for (bool more = at.first(); more; more = at.next())
        known.push_back(
            {load_be<std::uint32_t>(at.key().data()), decode_segment(at.value()).committed});
    return known;
}

/// What of a file is in the page cache; -1 with EAGAIN when nothing is. A function of its own:
/// inside the coroutine g++ 12 with a sanitizer takes the iovec for too short.
ssize_t read_cached(int fd, std::span<char> into, std::uint64_t offset) {
    const iovec part{into.data(), into.size()};
    return preadv2(fd, &part, 1, static_cast<off_t>(offset), RWF_NOWAIT);
}

/// The first id that was never given out; the ceiling is raised for this run.
///
/// Ids show outside, in POP3's unique-ids and IMAP's EMAILID. A store that was put back from a copy
/// knows nothing of those that were given out after the copy was made, and a client that has seen
/// one of them would take new mail with that id for the lost one and never fetch it. So each start
/// begins above the time now, counted in 65,536ths of a second: a run can hardly give out more, and
/// then a later start, of whichever copy, begins above all it gave out, also one in the same
/// second. The clock never lowers an id.
std::uint64_t first_blob_id(environment& env, wall_time now) {
    using ticks = std::chrono::duration<std::int64_t, std::ratio<1, 65'536>>;
    // Nanoseconds would overflow on the way.
    const auto since_epoch = std::chrono::floor<std::chrono::microseconds>(now.time_since_epoch());
    const auto by_clock = std::chrono::duration_cast<ticks>(since_epoch).count();
    write_txn tx(env);
    const auto first =
        std::max<std::uint64_t>({1, meta_number(tx, "next_blob"),
                                 static_cast<std::uint64_t>(std::max<std::int64_t>(0, by_clock))});
    set_meta_number(tx, "next_blob", first + blob_id_stride);
    tx.commit();
    return first;
}

/// How much of a budget is out.
std::uint64_t taken_of(std::size_t all, std::ptrdiff_t left) {
    return all - static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, left));
}

}  // namespace

lmdb_store::parts::parts(const store_options& wanted)
    : options(wanted),
      lock(take_lock(options.data_dir)),
      env(ensure_meta_folder(options.data_dir), options.map_octets),
      files((migrate(env), ensure_folder(options.data_dir / "blobs")),
            known_segments(env),
            options.segment_octets,
            health),
      room(options.data_dir / "blobs", options.min_free_octets),
      budget(options.staged_memory_octets, options.staged_files),
      ids(first_blob_id(env, time().now())),
      readers("store-reader", options.reader_threads, options.max_waiting_reads) {
    if (options.notices_copies)
        notice_put_back(env, identity_of(options.data_dir / "meta"),
                        std::chrono::system_clock::to_time_t(time().now()));
    {
        // Files that were named but never committed to.
        read_txn tx(env);
        for (const auto blob : files.own_files())
            if (!tx.get(table::blob, blob_key(blob))) files.remove_own_file(blob);
    }
    // LMDB syncs its file, not the file's name.
    sync_folder(options.data_dir / "meta");
    sync_folder(options.data_dir);
    sync_folder(std::filesystem::absolute(options.data_dir).parent_path());
    room.look();
    keeper = std::make_unique<janitor>(janitor::parts{env, files, room, health}, options, time());
    files.on_dropped([this] { keeper->note_dropped(); });
    writer::settings settings;
    settings.gather_at_most = options.gather_at_most;
    settings.max_waiting = options.max_waiting_writes;
    settings.time = &time();
    settings.before_commit = [this](write_context& context) {
        raise_blob_ids(context);
        keep_limits(context);
    };
    settings.on_commit = [this](write_context& context) { on_commit(context); };
    pen = std::make_unique<writer>(env, files, room, health, std::move(settings));
    keeper->start(*pen);
}

const clock& lmdb_store::parts::time() const noexcept {
    return options.time != nullptr ? *options.time : system_time;
}

void lmdb_store::parts::raise_blob_ids(write_context& context) {
    // Read back from the table each time: a raise may have been rolled back with its batch.
    if (ids.next() + blob_id_stride / 2 < meta_number(context.tx, "next_blob")) return;
    set_meta_number(context.tx, "next_blob", ids.next() + blob_id_stride);
}

void lmdb_store::parts::keep_limits(write_context& context) {
    // More than came, so that what is left over shrinks: many small ones may have to go for a large
    // one. The janitor does the rest.
    for (const auto& [account, came] : context.expunged)
        purge_over_limit(context, account, options.expunged_quotas, 2 * came + 16);
}

void lmdb_store::parts::on_commit(write_context& context) {
    std::vector<feed::news> changes;
    for (const auto& [account, highest] : context.touched)
        changes.push_back({account, highest, false});
    for (const auto account : context.credentials_changed)
        changes.push_back({account, {}, true});
    news.publish(changes);
    keeper->note_freed(context.freed);
}

lmdb_store::lmdb_store(std::unique_ptr<parts> all) : parts_(std::move(all)) {}

lmdb_store::~lmdb_store() {
    stop();
}

std::unique_ptr<lmdb_store> lmdb_store::open(const store_options& options) {
    try {
        return std::unique_ptr<lmdb_store>(new lmdb_store(std::make_unique<parts>(options)));
    } catch (const std::filesystem::filesystem_error& error) {
        throw fault(std::string("cannot open the store: ") + error.what());
    }
}

void lmdb_store::stop() {
    parts_->keeper->stop();
    parts_->readers.stop();
    parts_->pen->stop();
}

void lmdb_store::on_broken(std::function<void(const std::string&)> listener) {
    parts_->health.on_broken(std::move(listener));
}

check_report lmdb_store::check() {
    constexpr std::uint64_t told_after = 100'000;  // bodies
    std::uint64_t bodies = 0;
    auto report = check_store(parts_->env, parts_->files, [&bodies] {
        if (++bodies % told_after == 0) log::info("check bodies={}", bodies);
    });
    for (const auto& file : parts_->keeper->strays())
        report.findings.push_back("the file " + file + " belongs to no message");
    return report;
}

std::size_t lmdb_store::tidy() {
    return parts_->keeper->run_once(*parts_->pen);
}

std::size_t lmdb_store::renew_summaries(const summary_maker& maker) {
    return storage::renew_summaries({parts_->env, *this, *parts_->pen}, maker);
}

std::uint64_t lmdb_store::put_backs() const {
    const read_txn tx(parts_->env);
    return storage::put_backs(tx);
}

void lmdb_store::tell_put_back() {
    auto work = [](write_context& context) -> error_code {
        storage::tell_put_back(context.tx);
        return {};
    };
    if (const auto refused = parts_->pen->run_blocking(work))
        throw fault("cannot write it down: " + refused.message());
}

store_figures lmdb_store::figures() const {
    store_figures now;
    now.map_used = parts_->env.map_used();
    now.free_octets = parts_->room.octets();
    now.is_disk_full = parts_->room.is_low();
    now.is_broken = parts_->health.is_broken();
    now.staged_memory_octets =
        taken_of(parts_->options.staged_memory_octets, parts_->budget.memory_left());
    now.staged_files = taken_of(parts_->options.staged_files, parts_->budget.files_left());
    if (now.is_broken) return now;  // LMDB may refuse to read, too
    read_txn tx(parts_->env);
    cursor at(tx, table::segment);
    for (bool more = at.first(); more; more = at.next()) {
        const auto row = decode_segment(at.value());
        now.segment_octets += row.committed;
        now.live_octets += row.live;
    }
    return now;
}

std::unique_ptr<change_feed::subscription> lmdb_store::subscribe(
    account_id account, boost::asio::any_io_executor executor, account_listener& listener) {
    return parts_->news.subscribe(account, std::move(executor), listener);
}

std::unique_ptr<change_feed::subscription> lmdb_store::watch(boost::asio::any_io_executor executor,
                                                             account_watcher& watcher) {
    return parts_->news.watch(std::move(executor), watcher);
}

// --- blobs ---------------------------------------------------------------------------------------

std::pair<blob_row, file_handle> lmdb_store::parts::locate(blob_id blob) {
    for (blob_row before;;) {
        blob_row row;
        {
            read_txn tx(env);
            const auto found = tx.get(table::blob, blob_key(blob));
            if (!found) return {};
            row = decode_blob(*found);
        }
        if (auto file = files.open(blob, {row.segment, row.offset})) return {row, std::move(file)};
        // Moved to another segment, or purged, since the row was read: look again.
        if (row == before) throw fault("a message file is missing");
        before = row;
    }
}

std::unique_ptr<staged_blob> lmdb_store::stage(std::uint64_t /*expected_octets*/) {
    return std::make_unique<staged_body>(
        staging_area{parts_->files, parts_->readers, parts_->ids, parts_->room, parts_->budget});
}

awaitable<result<std::size_t>> lmdb_store::read(blob_id blob,
                                                std::uint64_t offset,
                                                std::span<char> into) {
    const auto [row, file] = parts_->locate(blob);
    if (!file) co_return fail(errc::no_such_message);
    if (offset >= row.octets) co_return std::size_t{0};
    const auto wanted = std::min<std::uint64_t>(into.size(), row.octets - offset);
    const auto start = row.offset + offset;
    std::size_t done = 0;
    while (done < wanted) {
        // In the page cache: right here. Else on a reader thread, not on this one.
        const auto got = read_cached(file->fd(), into.subspan(done, wanted - done), start + done);
        if (got > 0) {
            done += static_cast<std::size_t>(got);
            continue;
        }
        if (got == 0) throw fault("a message file is shorter than its blobs");
        if (errno == EINTR) continue;
        if (errno != EAGAIN && errno != EOPNOTSUPP) throw_errno(errno, "read message octets");
        // clang 14 lets no lambda capture a structured binding by its own name.
        auto work = [&, &source = file]() -> ssize_t {
            const auto count = pread(source->fd(), into.data() + done, wanted - done,
                                     static_cast<off_t>(start + done));
            return count < 0 ? -errno : count;
        };
        const auto slow = co_await parts_->readers.run(std::move(work));
        if (!slow) co_return fail(errc::busy);
        if (*slow == 0) throw fault("a message file is shorter than its blobs");
        if (*slow < 0) throw_errno(static_cast<int>(-*slow), "read message octets");
        done += static_cast<std::size_t>(*slow);
    }
    co_return done;
}

result<std::size_t> lmdb_store::read_here(blob_id blob,
                                          std::uint64_t offset,
                                          std::span<char> into) {
    const auto [row, file] = parts_->locate(blob);
    if (!file) return fail(errc::no_such_message);
    if (offset >= row.octets) return std::size_t{0};
    const auto wanted = std::min<std::uint64_t>(into.size(), row.octets - offset);
    std::size_t done = 0;
    while (done < wanted) {
        const auto got = pread(file->fd(), into.data() + done, wanted - done,
                               static_cast<off_t>(row.offset + offset + done));
        if (got == 0) throw fault("a message file is shorter than its blobs");
        if (got < 0 && errno != EINTR) throw_errno(errno, "read message octets");
        if (got > 0) done += static_cast<std::size_t>(got);
    }
    return done;
}

}  // namespace hauspost::storage
