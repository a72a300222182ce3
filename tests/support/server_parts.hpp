#pragma once

#include "base/worker_pool.hpp"
#include "protocols/ingest/arriving_message.hpp"
#include "server/summaries/stored_summaries.hpp"
#include "tests/support/known_credentials.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_stream.hpp"
#include "tests/support/open_store.hpp"
#include "tests/support/run.hpp"
#include "tests/support/tmp_dir.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hauspost::test {

/// One message as it lies in a mailbox.
struct stored_mail {
    std::string prefix;
    std::string octets;
    std::string summary;
    blob_id blob;
    std::int64_t date = 0;  // INTERNALDATE
};

/// What stands behind the sessions of a server, whatever they speak: the real store in a folder of
/// its own, the accounts ann@a.example and bob@a.example with their passwords, summaries, worker
/// threads, time, and an io_context that all sessions of a test share. The fixtures of the protocols
/// are put on top of it: imap_server, pop3_server, smtp_server, submission_server.
///
/// The tests use the real store and no second one in memory: it is as fast on a memory file
/// system, and what the sessions rely on (order of commits, wake-ups, modseq) is what is tested.
class server_parts {
public:
    server_parts();
    ~server_parts();
    server_parts(const server_parts&) = delete;
    server_parts& operator=(const server_parts&) = delete;

    [[nodiscard]] const storage::ports& store() const { return *store_; }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

    // --- what sessions get ---

    [[nodiscard]] storage::mailbox_store& mail() const {
        return mailboxes ? *mailboxes : store_->mailboxes;
    }
    [[nodiscard]] storage::blob_store& octets() const { return blobs ? *blobs : store_->blobs; }
    [[nodiscard]] storage::change_feed& news() const {
        return changes ? *changes : store_->changes;
    }
    [[nodiscard]] const monotonic_clock& limits() const {
        return is_time_manual ? static_cast<const monotonic_clock&>(time) : real_time_;
    }
    /// For who brings mail.
    [[nodiscard]] ingest::ports arrivals() { return {octets(), summaries, workers}; }
    /// The stream of a client has the same time as the sessions.
    void set_time_of(memory_stream& peer) {
        if (is_time_manual) peer.use(time);
    }

    // --- accounts and their mail ---

    /// One more account, with the password "pw"; makes its domain when it is new.
    account_id add_account(const std::string& name);
    account_id add_account(storage::account wanted);
    void add_alias(const std::string& name, std::vector<std::string> targets);
    void change(account_id account, storage::account_change wanted);
    void set_quota(account_id account, std::uint64_t octets);
    void set_password_hash(account_id account, std::string hash);
    /// The same from inside a session: done when it returns.
    void set_password_hash_here(account_id account, std::string hash);

    /// Puts a message into a mailbox of Ann's. Its date is 2026-01-02 03:04:05 +0000.
    uid put(std::string_view octets,
            std::uint32_t system_flags = 0,
            std::vector<std::string> keywords = {},
            std::string mailbox = "INBOX",
            std::string prefix = "");
    /// That many short messages in INBOX.
    void fill(unsigned messages);
    /// Doubles what is in INBOX so often: quicker than fill() for tens of thousands.
    void copy_all(unsigned times);
    /// As if all that went had gone too long ago.
    void forget_vanished();

    /// All that is in an account's INBOX.
    [[nodiscard]] std::vector<stored_mail> inbox(account_id account);
    /// All that waits to leave.
    [[nodiscard]] std::vector<storage::queue_item> queue();

    template <class T>
    T wait(awaitable<T> task) {
        std::optional<T> value;
        run(io, collect(std::move(task), value));
        return std::move(*value);
    }

    asio::io_context io{1};  // outlives the threads that post to it
    worker_pool workers{"test", 1, 16};
    manual_clock time;            // the store's time of day
    bool is_time_manual = false;  // true: limits of sessions and of clients go by it, too
    account_id ann, bob;
    known_credentials credentials;
    const server::stored_summaries summaries;
    // Instead of the store's own.
    storage::blob_store* blobs = nullptr;
    storage::mailbox_store* mailboxes = nullptr;
    storage::change_feed* changes = nullptr;

private:
    template <class T>
    static awaitable<void> collect(awaitable<T> task, std::optional<T>& value) {
        value.emplace(co_await std::move(task));
    }
    [[nodiscard]] storage::mailbox_key key_of(account_id account, std::string mailbox);

    std::list<asio::io_context> elsewhere_;  // they outlive the threads that post to them
    tmp_dir folder_;
    const system_monotonic_clock real_time_;
    std::shared_ptr<const storage::ports> store_;
};

}  // namespace hauspost::test
