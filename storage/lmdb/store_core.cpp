#include "storage/lmdb/store_core.hpp"

#include "base/log.hpp"
#include "storage/lmdb/expunged_rows.hpp"
#include "storage/lmdb/migrate.hpp"
#include "storage/lmdb/put_back.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace hauspost::storage::lmdb {

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

/// Ids show outside, in POP3's unique-ids and IMAP's EMAILID. A store that was put back from a copy
/// knows nothing of those that were given out after the copy was made, and a client that has seen
/// one of them would take new mail with that id for the lost one and never fetch it. So each start
/// begins above the time now, counted in 65,536ths of a second: a run can hardly give out more, and
/// then a later start, of whichever copy, begins above all it gave out, also one in the same
/// second. The clock never lowers an id.
///
/// Returns  the first id of this run; the ceiling is written down above it
std::uint64_t reserve_blob_ids(environment& env, wall_time now) {
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

}  // namespace

opened_metadata::opened_metadata(const store_options& options)
    : lock(take_lock(options.data_dir)),
      env(ensure_meta_folder(options.data_dir), options.map_octets) {
    migrate(env);
}

store_core::store_core(const store_options& wanted)
    : options(wanted),
      metadata(options),
      files(ensure_folder(options.data_dir / "blobs"),
            known_segments(env),
            options.segment_octets,
            health),
      room(options.data_dir / "blobs", options.min_free_octets),
      budget(options.staged_memory_octets, options.staged_files),
      ids(reserve_blob_ids(env, time().now())),
      keeping(options),
      trace(keeping),
      readers("store-reader", options.reader_threads, options.max_waiting_reads) {
    take_up_what_is_left();
    room.look();
    start_threads();
}

void store_core::take_up_what_is_left() {
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
}

void store_core::start_threads() {
    janitor = std::make_unique<lmdb::janitor>(
        janitor::parts{env, files, room, health, trace, keeping, traffic, bans, sign_ins}, options,
        time());
    files.on_dropped([this] { janitor->note_dropped(); });
    writer::settings settings;
    settings.gather_at_most = options.gather_at_most;
    settings.max_waiting = options.max_waiting_writes;
    settings.time = &time();
    settings.before_commit = [this](write_context& context) {
        raise_blob_ids(context);
        keep_limits(context);
        trace.write(context, time().now());
        traffic.write(context);
        bans.write(context);
        sign_ins.write(context);
    };
    settings.on_commit = [this](write_context& context) {
        trace.committed();
        traffic.committed();
        bans.committed();
        sign_ins.committed();
        on_commit(context);
    };
    writer = std::make_unique<lmdb::writer>(env, files, room, health, std::move(settings));
    janitor->start(*writer);
}

void store_core::stop() {
    janitor->stop();
    readers.stop();
    janitor->write_trace(std::chrono::milliseconds(0));
    writer->stop();
}

const clock& store_core::time() const noexcept {
    return options.time != nullptr ? *options.time : system_time;
}

void store_core::raise_blob_ids(write_context& context) {
    // Read back from the table each time: a raise may have been rolled back with its batch.
    if (ids.next() + blob_id_stride / 2 < meta_number(context.tx, "next_blob")) return;
    set_meta_number(context.tx, "next_blob", ids.next() + blob_id_stride);
}

void store_core::keep_limits(write_context& context) {
    // More than came, so that what is left over shrinks: many small ones may have to go for a large
    // one. The janitor does the rest.
    for (const auto& [account, came] : context.expunged)
        purge_over_limit(context, account, options.expunged_quotas, 2 * came + 16);
}

void store_core::on_commit(write_context& context) {
    feed::commit_news changes;
    for (const auto& [account, highest] : context.touched)
        changes.accounts.push_back({account, highest, false});
    for (const auto account : context.credentials_changed)
        changes.accounts.push_back({account, {}, true});
    changes.directory = context.directory_changed;
    changes.queue = context.queue_changed;
    changes.office = context.office;
    news.publish(changes);
    janitor->note_freed(context.freed);
}

}  // namespace hauspost::storage::lmdb
