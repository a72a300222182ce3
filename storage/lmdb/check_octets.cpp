#include "storage/lmdb/check_octets.hpp"

#include "storage/lmdb/account_edit.hpp"
#include "storage/lmdb/mailbox_rows.hpp"
#include "storage/lmdb/queue_rows.hpp"
#include "storage/lmdb/schema.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

constexpr std::size_t rows_per_snapshot = 5'000;  // some 2 ms

class octets_checker {
public:
    octets_checker(environment& env, segment_files& files, function_ref<void(std::string)> find)
        : env_(env), files_(files), find_(find) {}

    void run(function_ref<void()> before_each) {
        std::string from;
        do {
            for (const auto& [id, row] : some_blobs(from)) {
                before_each();
                check(id, row);
            }
        } while (!from.empty());
        if (damaged_.empty()) return;
        name_messages();
        name_queue_items();
    }

private:
    /// Some blobs from `from` on, which becomes the key to go on with, or "" at the end.
    std::vector<std::pair<blob_id, blob_row>> some_blobs(std::string& from) {
        std::vector<std::pair<blob_id, blob_row>> some;
        walk(table::blob, from, [&](const txn&, const cursor& at) {
            some.emplace_back(load_be<std::uint64_t>(at.key().data()), decode_blob(at.value()));
        });
        return some;
    }

    template <class Visit>
    void walk(table which, std::string& from, Visit visit) {
        const read_txn tx(env_);
        cursor at(tx, which);
        bool more = from.empty() ? at.first() : at.seek(from);
        for (std::size_t n = 0; more && n < rows_per_snapshot; ++n, more = at.next())
            visit(tx, at);
        from = more ? std::string(at.key()) : std::string();
    }

    void check(blob_id id, const blob_row& row) {
        const auto* fault = fault_of(id, row);
        if (fault == nullptr) return;
        // A blob may have been moved or freed since its row was read: as it stands now.
        const auto now = current(id);
        if (!now) return;
        if (*now != row && (fault = fault_of(id, *now)) == nullptr) return;
        find_(fmt::format("blob {} in segment {} at {}: {}", id.value(), now->segment, now->offset,
                          fault));
        damaged_.insert(id);
    }

    const char* fault_of(blob_id id, const blob_row& row) {
        const auto file = files_.open(id, {row.segment, row.offset});
        if (!file) return "its file is missing";
        buffer_.resize(row.octets);
        std::size_t done = 0;
        while (done < buffer_.size()) {
            const auto got = pread(file->fd(), buffer_.data() + done, buffer_.size() - done,
                                   static_cast<off_t>(row.offset + done));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return "its file cannot be read";
            if (got == 0) return "its file is too short";
            done += static_cast<std::size_t>(got);
        }
        if (segment_files::checksum(buffer_) != row.checksum)
            return "checksum differs, the octets are damaged";
        return nullptr;
    }

    std::optional<blob_row> current(blob_id id) {
        const read_txn now(env_);
        const auto found = now.get(table::blob, blob_key(id));
        if (!found) return std::nullopt;
        return decode_blob(*found);
    }

    /// Says whose octets are damaged, in the words that IMAP clients and the operator know.
    void name_messages() {
        std::string from;
        do {
            walk(table::message, from, [&](const txn& tx, const cursor& at) {
                if (damaged_.contains(decode_message(at.value()).blob)) name_message(tx, at.key());
            });
        } while (!from.empty());
    }

    void name_message(const txn& tx, std::string_view key) {
        const mailbox_key box{account_id(load_be<std::uint32_t>(key.data())),
                              mailbox_id(load_be<std::uint32_t>(key.data() + 4))};
        const auto mailbox = find_mailbox_row(tx, box);
        const auto account = find_account_row(tx, box.account);
        find_(fmt::format("message {}/{}/{} of {} in \"{}\" is damaged", box.account.value(),
                          box.mailbox.value(), load_be<std::uint32_t>(key.data() + 8),
                          account ? account->name : "a removed account",
                          mailbox ? mailbox->name : "a removed mailbox"));
    }

    void name_queue_items() {
        std::string from;
        do {
            walk(table::queue, from, [&](const txn&, const cursor& at) {
                const queue_id id(load_be<std::uint64_t>(at.key().data()));
                if (damaged_.contains(queue_rows::decode(id, at.value()).blob))
                    find_(fmt::format("queue item {} is damaged", id.value()));
            });
        } while (!from.empty());
    }

    environment& env_;
    segment_files& files_;
    function_ref<void(std::string)> find_;
    std::set<blob_id> damaged_;
    std::string buffer_;
};

}  // namespace

void check_octets(environment& env,
                  segment_files& files,
                  function_ref<void(std::string)> find,
                  function_ref<void()> before_each) {
    octets_checker(env, files, find).run(before_each);
}

}  // namespace hauspost::storage::lmdb
