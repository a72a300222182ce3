#include "storage/lmdb/env.hpp"

#include "base/octets.hpp"

#include <sys/statfs.h>

#include <algorithm>
#include <string>

namespace hauspost::storage::lmdb {
namespace {

constexpr std::array<const char*, table_count> names = {
    "meta",        "account",       "address",           "domain",
    "mailbox",     "mailbox_name",  "subscription",      "counters",
    "keyword",     "message",       "summary_rest",      "flags",
    "extra_flags", "vanished",      "expunged",          "blob",
    "segment",     "queue",         "queue_recipient",   "due",
    "track",       "track_due",     "put_off",           "annotation",
    "rights",      "granted",       "removed",           "secret",
    "sender",      "correspondent", "correspondent_day", "frozen_mail",
    "trace",       "filed",         "forward_state",     "tls_policy",
    "tls_result",  "owner",         "web_session",       "audit",
    "traffic",     "ban",           "sign_in",           "gone_mailbox",
    "setting",
};

constexpr unsigned max_readers = 1024;
constexpr std::size_t map_reserve_octets = 64u << 20;

MDB_val val(std::string_view octets) noexcept {
    return {octets.size(), const_cast<char*>(octets.data())};
}

/// LMDB needs a file system whose memory maps and locks are coherent (lmdb.h, caveats).
void refuse_remote_file_system(const std::filesystem::path& folder) {
    constexpr long nfs = 0x6969, cifs = static_cast<long>(0xff534d42),
                   smb2 = static_cast<long>(0xfe534d42), plan9 = 0x01021997;
    struct statfs info {};
    if (statfs(folder.c_str(), &info) != 0) throw_errno(errno, "statfs " + folder.string());
    const auto type = static_cast<long>(info.f_type);
    if (type == nfs || type == cifs || type == smb2 || type == plan9)
        throw fault(
            "data_dir " + folder.string() +
            " is on a network file system; the store needs a local disk (ext4, xfs, btrfs)");
}

}  // namespace

bool environment::is_refused(const std::filesystem::path& folder) {
    MDB_env* probe = nullptr;
    check(mdb_env_create(&probe), "mdb_env_create");
    const int code = mdb_env_open(probe, folder.c_str(), MDB_RDONLY | MDB_NOLOCK, 0600);
    mdb_env_close(probe);
    return code == MDB_INVALID;
}

environment::environment(const std::filesystem::path& folder, std::size_t map_octets) {
    refuse_remote_file_system(folder);
    check(mdb_env_create(&env_), "mdb_env_create");
    try {
        check(mdb_env_set_mapsize(env_, map_octets), "mdb_env_set_mapsize");
        check(mdb_env_set_maxdbs(env_, table_count), "mdb_env_set_maxdbs");
        check(mdb_env_set_maxreaders(env_, max_readers), "mdb_env_set_maxreaders");
        check(mdb_env_open(env_, folder.c_str(), MDB_NOTLS | MDB_NORDAHEAD, 0600),
              ("open " + folder.string()).c_str());
        int dead = 0;  // reader slots of processes that were killed
        check(mdb_reader_check(env_, &dead), "mdb_reader_check");
        MDB_txn* setup = nullptr;
        check(mdb_txn_begin(env_, nullptr, 0, &setup), "mdb_txn_begin");
        for (std::size_t i = 0; i < table_count; ++i) {
            const int code = mdb_dbi_open(setup, names[i], MDB_CREATE, &dbis_[i]);
            if (code != 0) mdb_txn_abort(setup);
            check(code, "mdb_dbi_open");
        }
        check(mdb_txn_commit(setup), "create tables");
    } catch (...) {
        mdb_env_close(env_);
        throw;
    }
}

environment::~environment() {
    for (auto* reader : idle_readers_)
        mdb_txn_abort(reader);
    mdb_env_close(env_);
}

double environment::map_used() const {
    MDB_envinfo info{};
    MDB_stat stat{};
    check(mdb_env_info(env_, &info), "mdb_env_info");
    check(mdb_env_stat(env_, &stat), "mdb_env_stat");
    return static_cast<double>(info.me_last_pgno + 1) * stat.ms_psize /
           static_cast<double>(info.me_mapsize);
}

bool environment::is_nearly_full() {
    MDB_envinfo info{};
    MDB_stat stat{};
    check(mdb_env_info(env_, &info), "mdb_env_info");
    check(mdb_env_stat(env_, &stat), "mdb_env_stat");
    const std::size_t pages = info.me_mapsize / stat.ms_psize;
    const std::size_t reserve = std::min(pages / 8, map_reserve_octets / stat.ms_psize);
    std::size_t left = pages - (info.me_last_pgno + 1);
    if (left >= reserve) return false;
    // Pages that were used once and are free now; the list is short or this is rare.
    constexpr MDB_dbi free_list = 0;  // mdb.c FREE_DBI; a row is a count and so many page numbers
    const read_txn tx(*this);
    MDB_cursor* at = nullptr;
    check(mdb_cursor_open(tx.handle(), free_list, &at), "mdb_cursor_open");
    MDB_val key{}, value{};
    while (left < reserve && mdb_cursor_get(at, &key, &value, MDB_NEXT) == MDB_SUCCESS)
        left += load_le<std::size_t>(static_cast<const char*>(value.mv_data));
    mdb_cursor_close(at);
    return left < reserve;
}

bool environment::is_lost() const noexcept {
    MDB_txn* probe = nullptr;
    const int code = mdb_txn_begin(env_, nullptr, MDB_RDONLY, &probe);
    if (code == MDB_SUCCESS) mdb_txn_abort(probe);
    return code == MDB_PANIC;
}

MDB_txn* environment::take_reader() {
    MDB_txn* reader = nullptr;
    {
        const std::lock_guard lock(mutex_);
        if (!idle_readers_.empty()) {
            reader = idle_readers_.back();
            idle_readers_.pop_back();
        }
    }
    if (reader != nullptr) {
        const int code = mdb_txn_renew(reader);
        if (code != 0) mdb_txn_abort(reader);
        check(code, "mdb_txn_renew");
        return reader;
    }
    check(mdb_txn_begin(env_, nullptr, MDB_RDONLY, &reader), "mdb_txn_begin read");
    return reader;
}

void environment::give_reader(MDB_txn* reader) noexcept {
    mdb_txn_reset(reader);
    const std::lock_guard lock(mutex_);
    idle_readers_.push_back(reader);
}

std::optional<std::string_view> txn::get(table which, std::string_view key) const {
    MDB_val k = val(key), v{};
    const int code = mdb_get(txn_, env_.dbi(which), &k, &v);
    if (code == MDB_NOTFOUND) return std::nullopt;
    check(code, "get");
    return std::string_view(static_cast<const char*>(v.mv_data), v.mv_size);
}

std::size_t txn::count(table which) const {
    MDB_stat stat{};
    check(mdb_stat(txn_, env_.dbi(which), &stat), "mdb_stat");
    return stat.ms_entries;
}

std::uint64_t txn::octets(table which) const {
    MDB_stat stat{};
    check(mdb_stat(txn_, env_.dbi(which), &stat), "mdb_stat");
    return std::uint64_t{stat.ms_psize} *
           (stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages);
}

read_txn::read_txn(environment& env) : txn(env), owner_(env) {
    txn_ = owner_.take_reader();
}
read_txn::~read_txn() {
    owner_.give_reader(txn_);
}

write_txn::write_txn(const environment& env) : txn(env) {
    check(mdb_txn_begin(env.handle(), nullptr, 0, &txn_), "mdb_txn_begin write");
}

write_txn::~write_txn() {
    if (txn_ != nullptr) mdb_txn_abort(txn_);
}

void write_txn::put(table which, std::string_view key, std::string_view value) {
    MDB_val k = val(key), v = val(value);
    check(mdb_put(txn_, env_.dbi(which), &k, &v, 0), "put");
}

void write_txn::append(table which, std::string_view key, std::string_view value) {
    MDB_val k = val(key), v = val(value);
    const int code = mdb_put(txn_, env_.dbi(which), &k, &v, MDB_APPEND);
    if (code == MDB_KEYEXIST) return put(which, key, value);
    check(code, "append");
}

bool write_txn::remove(table which, std::string_view key) {
    MDB_val k = val(key);
    const int code = mdb_del(txn_, env_.dbi(which), &k, nullptr);
    if (code == MDB_NOTFOUND) return false;
    check(code, "remove");
    return true;
}

void write_txn::commit() {
    MDB_txn* finished = txn_;
    txn_ = nullptr;  // mdb_txn_commit frees it, whatever it returns
    check(mdb_txn_commit(finished), "commit");
}

cursor::cursor(const txn& within, table which) {
    check(mdb_cursor_open(within.handle(), within.env().dbi(which), &cursor_), "mdb_cursor_open");
}

cursor::~cursor() {
    mdb_cursor_close(cursor_);
}

bool cursor::seek(std::string_view key) {
    key_ = val(key);
    return move(MDB_SET_RANGE);
}

bool cursor::move(MDB_cursor_op op) {
    const int code = mdb_cursor_get(cursor_, &key_, &value_, op);
    if (code == MDB_NOTFOUND) return false;
    check(code, "walk");
    return true;
}

}  // namespace hauspost::storage::lmdb
