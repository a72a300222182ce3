#include "storage/lmdb/put_back.hpp"

#include "base/log.hpp"
#include "storage/lmdb/owner_rows.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/lmdb/segment_files.hpp"
#include "storage/lmdb/write_context.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

constexpr std::string_view identity_name = "file_identity";
constexpr std::string_view count_name = "put_backs";
constexpr std::uint64_t told_by_operator = 1;

// How far the numbers go on: above all that can have been given out after the copy was made.
constexpr std::uint32_t uid_leap = 1u << 24;  // one a second for half a year
constexpr std::uint64_t modseq_leap = std::uint64_t{1} << 40;
constexpr std::uint64_t queue_leap = std::uint64_t{1} << 40;
constexpr std::uint32_t id_leap = 1u << 16;  // of accounts, mailboxes, UIDVALIDITYs
/// From here on UIDs do not leap: the mailbox gets another UIDVALIDITY instead.
constexpr std::uint32_t last_uid_that_leaps = 1u << 31;

using rows = std::vector<std::pair<std::string, std::string>>;

/// All rows of an account in a table; `prefix` is its key.
rows rows_of(const txn& within, table which, std::string_view prefix) {
    rows found;
    cursor at(within, which);
    for (bool more = at.seek(prefix); more && at.key().starts_with(prefix); more = at.next())
        found.emplace_back(at.key(), at.value());
    return found;
}

/// All its messages have changed: what was done to them after the copy was made is undone.
void raise_messages(write_txn& tx, std::string_view account, std::uint64_t modseq) {
    for (const auto& [key, value] : rows_of(tx, table::flags, account)) {
        flag_block block(value);
        for (auto bits = block.present(); bits != 0; bits &= bits - 1) {
            const auto n = static_cast<unsigned>(std::countr_zero(bits));
            block.set(n, block.flags(n), modseq);
        }
        tx.put(table::flags, key, block.row());
    }
}

void raise_mailbox(mailbox_counters& box, account_row& totals) {
    if (box.uid_next.value() < last_uid_that_leaps)
        box.uid_next = uid(box.uid_next.value() + uid_leap);
    else
        box.uid_validity = uid_validity(totals.next_uid_validity++);
    box.highest_modseq = modseq(totals.modseq);
    // Whoever knew a lost message is told all UIDs that are not there.
    box.vanished_floor = modseq(totals.modseq);
}

void raise_account(write_txn& tx, const std::string& totals_key, const std::string& value) {
    auto totals = decode_account_row(value);
    totals.modseq += modseq_leap;
    totals.next_mailbox += id_leap;
    totals.next_uid_validity += id_leap;
    const auto account = std::string_view(totals_key).substr(0, sizeof(std::uint32_t));
    for (const auto& [key, counters] : rows_of(tx, table::counters, account)) {
        if (key == totals_key) continue;
        auto box = decode_counters(counters);
        raise_mailbox(box, totals);
        tx.put(table::counters, key, encode(box));
    }
    tx.put(table::counters, totals_key, encode(totals));
    raise_messages(tx, account, totals.modseq);
}

rows all_totals(const txn& within) {
    rows found;
    cursor at(within, table::counters);
    for (bool more = at.first(); more; more = at.next())
        if (load_be<std::uint32_t>(at.key().data() + 4) == 0)
            found.emplace_back(at.key(), at.value());
    return found;
}

void raise_meta(write_txn& tx, std::int64_t now) {
    const auto raise = [&tx](std::string_view name, std::uint64_t least, std::uint64_t leap) {
        set_meta_number(tx, name, std::max(least, meta_number(tx, name)) + leap);
    };
    raise("next_account", 1, id_leap);
    raise("next_queue", 1, queue_leap);
    raise("directory_version", 1, queue_leap);
    raise("next_uid_validity", static_cast<std::uint64_t>(std::max<std::int64_t>(1, now)), id_leap);
    raise(count_name, 0, 1);
}

}  // namespace

std::uint64_t identity_of(const std::filesystem::path& meta_folder) {
    const auto path = meta_folder / "data.mdb";
    struct statx found {};
    if (statx(AT_FDCWD, path.c_str(), 0, STATX_INO | STATX_BTIME, &found) != 0)
        throw_errno(errno, "statx " + path.string());
    if ((found.stx_mask & STATX_BTIME) == 0) return 0;
    std::string all;
    append_le(all, static_cast<std::uint64_t>(found.stx_ino));
    append_le(all, static_cast<std::int64_t>(found.stx_btime.tv_sec));
    append_le(all, static_cast<std::uint32_t>(found.stx_btime.tv_nsec));
    return std::max(told_by_operator + 1, segment_files::checksum(all));
}

void notice_put_back(environment& env, std::uint64_t identity, std::int64_t now) {
    write_txn tx(env);
    const auto known = meta_number(tx, identity_name);
    if (known == identity) return;
    set_meta_number(tx, identity_name, identity);
    if (known != 0) {
        for (const auto& [key, value] : all_totals(tx))
            raise_account(tx, key, value);
        raise_meta(tx, now);
        // What was ended or used after the copy was made would be good again.
        owner_rows::shut(tx);
    }
    tx.commit();
    if (known != 0)
        log::warn(
            "store_put_back reason=\"{}\" effect=\"UIDs, modseqs and ids go on far above: clients "
            "look at all flags again\"",
            known == told_by_operator ? "the operator said so"
                                      : "meta/data.mdb is another file than at the last start");
}

void tell_put_back(write_txn& tx) {
    set_meta_number(tx, identity_name, told_by_operator);
}

std::uint64_t put_backs(const txn& within) {
    return meta_number(within, count_name);
}

}  // namespace hauspost::storage::lmdb
