#pragma once

#include "base/suspension.hpp"
#include "base/worker_pool.hpp"
#include "storage/blob_store.hpp"
#include "storage/change_feed.hpp"
#include "storage/directory_store.hpp"
#include "storage/index/index_readers.hpp"
#include "storage/index/index_writer.hpp"
#include "storage/index/indexer_settings.hpp"
#include "storage/mailbox_store.hpp"
#include "storage/search_index.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace hauspost::storage::index {

/// What an indexer reads and whom it asks. All outlive it.
struct indexer_ports {
    mailbox_store& mail;
    blob_store& blobs;
    directory_store& directory;
    change_feed& changes;
    const text_maker& text;
    worker_pool& workers;  // look-ups in the index wait for the disk
};

/// Of all accounts together.
struct index_state {
    std::uint64_t accounts_ready = 0;
    std::uint64_t accounts_waiting = 0;
    std::uint64_t messages = 0;  // of accounts that are ready
    std::uint64_t octets = 0;    // of all files
};

/// The full-text index of all accounts: a folder for each, kept up by a thread of low priority that hears of commits by the change feed and reads the store as a session does.
///
/// What it has indexed of an account is told by its coverage: of each mailbox the messages below a
/// UID. UIDs are given out in the order of commits, so that nothing below is missing. Each start
/// looks through all accounts before their indexes are used.
///
/// Calling sequence: construct, start(), use, stop() while the ports still work.
class search_indexer final : public search_index, private account_watcher {
public:
    search_indexer(const indexer_ports& ports, indexer_settings settings);
    ~search_indexer() override;

    void start();
    /// Gives up what is not committed. May be called twice.
    void stop();

    awaitable<std::optional<index_answer>> find(account_id account,
                                                std::vector<needle> needles) override;

    /// While paused nothing is indexed; what is indexed goes on being used.
    /// Thread  any
    void set_paused(bool paused);
    /// Returns when all that is known of now is indexed.
    /// Thread  any
    awaitable<void> settle();
    /// Drops an account's index, or all of them, and builds it anew; until then it gives no answer.
    /// Thread  any
    void rebuild(std::optional<account_id> account);
    /// How far it is. Walks its files: nullopt when too much work waits.
    /// Thread  any; resumes on the caller's executor
    awaitable<std::optional<index_state>> look_at_all();
    /// Messages put into an index since the start.
    /// Thread  any
    [[nodiscard]] std::uint64_t indexed() const noexcept { return indexed_; }

private:
    using steady_time = std::chrono::steady_clock::time_point;
    struct waiting_account {
        steady_time since;      // of the first change that is not indexed yet
        steady_time next_look;  // when to see whether there is enough
        bool is_urgent = false;
    };
    struct known_account {
        index_coverage covered;
        std::size_t documents = 0;
    };
    struct new_row {
        uid id;
        blob_id blob;
        std::string summary;
    };
    enum class outcome : std::uint8_t { done, later };

    // --- search_indexer.cpp: when ---
    void on_account_changed(account_id account) noexcept override;
    void on_directory_changed() noexcept override {}
    void on_queue_changed() noexcept override {}
    void on_news_unknown() noexcept override;
    void enter(account_id account, std::chrono::milliseconds delay, bool urgent);
    void post_urgent(account_id account, bool is_damaged);
    void wake();
    awaitable<void> run();
    awaitable<void> work();
    awaitable<void> enter_all_accounts();
    [[nodiscard]] std::optional<account_id> next_due() const;
    awaitable<void> wait_for_work();
    awaitable<void> look(account_id account);
    awaitable<outcome> index_if_due(account_id account, waiting_account& waiting);
    void put_back(account_id account, const waiting_account& waiting);
    [[nodiscard]] bool is_enough(const known_account& known,
                                 const std::vector<mailbox_info>& boxes,
                                 const waiting_account& waiting) const;
    void wake_settled();

    // --- index_account.cpp: what ---
    known_account& vetted(account_id account, const std::vector<mailbox_info>& boxes);
    [[nodiscard]] bool is_sparse(const known_account& known,
                                 const std::vector<mailbox_info>& boxes) const;
    awaitable<outcome> index_account(account_id account, const std::vector<mailbox_info>& boxes);
    awaitable<outcome> tidy(account_id account,
                            const std::vector<mailbox_info>& boxes,
                            index_writer& writer);
    awaitable<outcome> index_mailbox(mailbox_key box, uid end, index_writer& writer);
    awaitable<void> index_message(const new_row& row, index_writer& writer);
    void commit(account_id account, index_writer& writer);
    void publish(account_id account, index_writer& writer);
    void drop(account_id account);
    [[nodiscard]] bool has_room() const;
    [[nodiscard]] bool must_yield() const noexcept { return stopping_ || paused_; }

    const indexer_ports ports_;
    const indexer_settings settings_;
    const std::string version_;  // that an index of ours has
    index_readers readers_;
    std::atomic<bool> stopping_ = false;
    std::atomic<bool> paused_ = false;
    std::atomic<std::uint64_t> indexed_ = 0;
    std::atomic<std::uint64_t> accounts_waiting_ = 0;  // waiting_.size(), and the one at work

    // The thread's own from here on.
    asio::io_context io_{1};
    asio::steady_timer wake_{io_};
    std::unique_ptr<change_feed::subscription> subscription_;
    std::map<account_id, waiting_account> waiting_;
    std::map<account_id, known_account> known_;
    std::set<account_id> damaged_;
    std::vector<suspension*> settling_;
    bool wants_all_accounts_ = true;
    bool drops_all_accounts_ = false;
    std::thread thread_;
};

}  // namespace hauspost::storage::index
