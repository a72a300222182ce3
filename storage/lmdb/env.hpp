#pragma once

#include "storage/lmdb/db_error.hpp"

#include <lmdb.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

namespace hauspost::storage::lmdb {

/// Every table of the store; layouts in schema.hpp.
enum class table : std::uint8_t {
    meta,
    account,
    address,
    domain,
    mailbox,
    mailbox_name,
    subscription,
    counters,
    keyword,
    message,
    summary_rest,
    flags,
    extra_flags,
    vanished,
    expunged,
    blob,
    segment,
    queue,
    queue_recipient,
    due,
    track,
    track_due,
    put_off,
    annotation,
    rights,
    granted,
    removed,
    secret,
    sender,
    correspondent,
    correspondent_day,
    frozen_mail,
    trace,
    filed,
    forward_state,
    tls_policy,
    tls_result,
    owner,
    web_session,
    audit,
    traffic,
    ban,
    sign_in,
    gone_mailbox,
    setting,
};
inline constexpr std::size_t table_count = 45;

class read_txn;
class write_txn;

/// The LMDB environment. One per process and folder (lmdb.h, caveats). Opened with MDB_NOTLS and
/// MDB_NORDAHEAD and nothing else: commits are durable when they return.
class environment {
public:
    /// LMDB writes its first two pages without a sync: a power cut while an environment is made can
    /// leave a file that it refuses from then on. True for such a file. After the first commit,
    /// which syncs both pages, only a damaged disk gives one.
    [[nodiscard]] static bool is_refused(const std::filesystem::path& folder);

    /// Throws  fault, with words for the operator, when it cannot be opened
    environment(const std::filesystem::path& folder, std::size_t map_octets);
    ~environment();
    environment(const environment&) = delete;
    environment& operator=(const environment&) = delete;

    [[nodiscard]] MDB_env* handle() const noexcept { return env_; }
    [[nodiscard]] MDB_dbi dbi(table which) const noexcept {
        return dbis_[static_cast<std::size_t>(which)];
    }
    /// Share of the map that is in use, 0 .. 1.
    [[nodiscard]] double map_used() const;
    /// Less of the map is free than its last eighth or 64 MiB. What grows the store is refused
    /// then, because expunging and purging need pages too.
    [[nodiscard]] bool is_nearly_full();
    /// After a root that could not be written LMDB refuses everything until it is opened anew,
    /// whatever the reason was. It says so only to who asks next.
    [[nodiscard]] bool is_lost() const noexcept;

private:
    friend class read_txn;
    MDB_txn* take_reader();
    void give_reader(MDB_txn* txn) noexcept;

    MDB_env* env_ = nullptr;
    std::array<MDB_dbi, table_count> dbis_{};
    std::mutex mutex_;
    std::vector<MDB_txn*> idle_readers_;  // reset, ready to be renewed
};

/// Looks rows up. Views that come out end with the transaction.
class txn {
public:
    txn(const txn&) = delete;
    txn& operator=(const txn&) = delete;
    [[nodiscard]] std::optional<std::string_view> get(table which, std::string_view key) const;
    /// How many rows a table has; no walk.
    [[nodiscard]] std::size_t count(table which) const;
    /// Of the pages that hold its rows; no walk.
    [[nodiscard]] std::uint64_t octets(table which) const;
    [[nodiscard]] MDB_txn* handle() const noexcept { return txn_; }
    [[nodiscard]] const environment& env() const noexcept { return env_; }

protected:
    explicit txn(const environment& env) noexcept : env_(env) {}
    ~txn() = default;
    const environment& env_;
    MDB_txn* txn_ = nullptr;
};

/// A snapshot. Short: it keeps all pages freed after it from being used again. Never held over a
/// co_await.
class read_txn final : public txn {
public:
    explicit read_txn(environment& env);
    ~read_txn();

private:
    environment& owner_;
};

/// The one write transaction; on the writer thread only. Destroyed without commit: nothing
/// happened.
class write_txn final : public txn {
public:
    explicit write_txn(const environment& env);
    ~write_txn();
    void put(table which, std::string_view key, std::string_view value);
    /// For keys that only grow: fills pages to the end. Falls back to put when the key is not the
    /// greatest.
    void append(table which, std::string_view key, std::string_view value);
    /// False when there was no such row.
    bool remove(table which, std::string_view key);
    void commit();
};

/// Walks a table in key order. Ends before its transaction. Rows are never changed through it
/// (LMDB 0.9.24 has known faults there): collect keys, then put or remove.
class cursor {
public:
    cursor(const txn& within, table which);
    ~cursor();
    cursor(const cursor&) = delete;
    cursor& operator=(const cursor&) = delete;

    /// To the first row with a key >= the given one. False: there is none.
    bool seek(std::string_view key);
    bool next() { return move(MDB_NEXT); }
    bool previous() { return move(MDB_PREV); }
    bool first() { return move(MDB_FIRST); }
    bool last() { return move(MDB_LAST); }
    [[nodiscard]] std::string_view key() const noexcept { return view(key_); }
    [[nodiscard]] std::string_view value() const noexcept { return view(value_); }

private:
    bool move(MDB_cursor_op op);
    static std::string_view view(const MDB_val& v) noexcept {
        return {static_cast<const char*>(v.mv_data), v.mv_size};
    }
    MDB_cursor* cursor_ = nullptr;
    MDB_val key_{};
    MDB_val value_{};
};

}  // namespace hauspost::storage::lmdb
