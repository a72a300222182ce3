#pragma once

#include "storage/annotation_store.hpp"
#include "storage/change_feed.hpp"
#include "storage/check_report.hpp"
#include "storage/delivery_store.hpp"
#include "storage/directory_store.hpp"
#include "storage/expunged_store.hpp"
#include "storage/lmdb/store_options.hpp"
#include "storage/mailbox_store.hpp"
#include "storage/queue_store.hpp"
#include "storage/sharing_store.hpp"
#include "storage/summary_maker.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hauspost::storage {

class pending_body;

struct store_figures {
    double map_used = 0;  // 0 .. 1
    std::uint64_t free_octets = 0;
    std::uint64_t segment_octets = 0;  // on disk, as the segment table counts them
    std::uint64_t live_octets = 0;
    bool is_disk_full = false;
    bool is_broken = false;
    std::uint64_t staged_memory_octets = 0;  // of messages on their way in
    std::uint64_t staged_files = 0;          // open for them
};

/// The store on this machine: LMDB for everything but message octets, segment files for those.
///
/// One per data_dir and process. Calling sequence: open, use from any coroutine, stop() before the
/// io_contexts of the callers go away, destroy.
class lmdb_store final : public mailbox_store,
                         public annotation_store,
                         public sharing_store,
                         public blob_store,
                         public delivery_store,
                         public directory_store,
                         public expunged_store,
                         public queue_store,
                         public change_feed {
public:
    /// Opens or makes the store; takes up what a crash left.
    /// Throws  fault, in words for the operator: no permission, another process has it open, a
    ///         newer version wrote it, files missing
    [[nodiscard]] static std::unique_ptr<lmdb_store> open(const store_options& options);
    ~lmdb_store() override;

    /// Commits what is queued; later writes are refused as busy. May be called twice.
    void stop();

    /// Calls listener once, on some thread of the store, when nothing can be written any more: a
    /// sync failed, or LMDB gave up. All that is in flight and comes later ends with a fault; the
    /// process should end so that another one opens the store anew.
    void on_broken(std::function<void(const std::string& what)> listener);

    /// Verifies all cross references, counters, and every message's checksum. Slow: reads all.
    [[nodiscard]] check_report check();
    /// One round of purging expired messages and returning space. The background thread does this
    /// every tidy_interval. Returns how many messages were purged.
    std::size_t tidy();
    [[nodiscard]] store_figures figures() const;
    /// How often this store was a copy of an earlier state that was put back: what was derived from
    /// it before is not of this store any more.
    [[nodiscard]] std::uint64_t put_backs() const;
    /// The next opening takes this store for such a copy. For copies that do not show it
    /// (docs/storage_format.md). Throws fault. Thread: one that may block.
    void tell_put_back();
    /// Before anybody is served: makes all summaries anew when this maker is of another version
    /// than the one that made them. Returns how many have changed. Thread: one that may block.
    std::size_t renew_summaries(const summary_maker& maker);

    // mailbox_store
    awaitable<result<std::vector<mailbox_info>>> list(account_id account) override;
    awaitable<result<std::vector<named_mailbox>>> names(account_id account) override;
    awaitable<result<std::vector<mailbox_info>>> describe(
        account_id account, std::span<const named_mailbox> some) override;
    awaitable<result<mailbox_info>> find(account_id account, std::string name) override;
    awaitable<result<mailbox_id>> create(account_id account,
                                         std::string name,
                                         mail::special_use use) override;
    awaitable<error_code> remove(account_id account, std::string name) override;
    awaitable<error_code> rename(account_id account, std::string from, std::string to) override;
    awaitable<error_code> set_subscribed(account_id account, std::string name, bool on) override;
    awaitable<result<std::vector<std::string>>> subscriptions(account_id account) override;
    awaitable<result<quota_state>> quota(account_id account) override;
    awaitable<result<mailbox_snapshot>> open(mailbox_key mailbox) override;
    awaitable<result<std::vector<std::string>>> keywords(mailbox_key mailbox) override;
    awaitable<result<mailbox_changes>> changes(mailbox_key mailbox, modseq since) override;
    awaitable<result<vanished_uids>> vanished(mailbox_key mailbox, modseq since) override;
    awaitable<result<uid>> walk(mailbox_key mailbox,
                                std::span<const mail::uid_range> ranges,
                                walk_detail detail,
                                std::size_t max_messages,
                                function_ref<bool(const message_view&)> visitor,
                                modseq since = {}) override;
    awaitable<result<append_result>> append(append_request request) override;
    awaitable<result<std::vector<append_result>>> append_all(
        std::vector<append_request> requests, std::optional<replaced_message> replaced) override;
    awaitable<result<store_result>> store_flags(store_request request) override;
    awaitable<result<copy_result>> transfer(mailbox_key from,
                                            mail::uid_ranges uids,
                                            mailbox_key to,
                                            bool move,
                                            mail::flag_mask kept) override;
    awaitable<result<mail::uid_ranges>> claim_recent(mailbox_key mailbox) override;
    awaitable<result<mail::uid_ranges>> expunge(mailbox_key mailbox,
                                                mail::uid_ranges uids) override;
    awaitable<result<mail::uid_ranges>> remove_messages(mailbox_key mailbox,
                                                        mail::uid_ranges uids) override;

    // annotation_store
    awaitable<result<std::vector<annotation>>> annotations(mailbox_key mailbox,
                                                           std::vector<std::string> entries,
                                                           mail::metadata_depth below) override;
    awaitable<result<std::vector<annotation_print>>> annotation_prints(account_id account) override;
    awaitable<error_code> annotate(mailbox_key mailbox,
                                   std::vector<annotation_change> changes) override;

    // sharing_store
    awaitable<result<shared_mailbox>> find_shared(account_id viewer,
                                                  mail_address owner,
                                                  std::string name) override;
    awaitable<result<std::vector<shared_mailbox>>> list_shared(account_id viewer) override;
    awaitable<result<std::vector<named_share>>> shared_names(account_id viewer) override;
    awaitable<result<std::vector<shared_mailbox>>> describe_shared(
        account_id viewer, std::span<const named_share> some) override;
    awaitable<result<std::vector<grant>>> grants(mailbox_key mailbox) override;
    awaitable<error_code> change_rights(mailbox_key mailbox,
                                        std::string identifier,
                                        mail::change how,
                                        mail::rights_set rights) override;

    // blob_store
    [[nodiscard]] std::unique_ptr<staged_blob> stage(std::uint64_t expected_octets) override;
    awaitable<result<std::size_t>> read(blob_id blob,
                                        std::uint64_t offset,
                                        std::span<char> into) override;
    result<std::size_t> read_here(blob_id blob,
                                  std::uint64_t offset,
                                  std::span<char> into) override;

    // delivery_store
    awaitable<error_code> deliver(delivery_request request) override;

    // directory_store
    awaitable<directory_entry> find_address(std::string name) override;
    awaitable<std::optional<account>> find_account(account_id id) override;
    awaitable<std::optional<domain>> find_domain(std::string name) override;
    awaitable<account_usage> usage(account_id id) override;
    awaitable<std::vector<account>> list_accounts(std::string after, std::size_t limit) override;
    awaitable<std::vector<alias>> list_aliases(std::string after, std::size_t limit) override;
    awaitable<std::vector<domain>> list_domains() override;
    awaitable<result<account_id>> add_account(account wanted) override;
    awaitable<error_code> change_account(account_id id, account_change change) override;
    awaitable<result<bool>> renew_password_hash(account_id id,
                                                std::string old_hash,
                                                std::string new_hash) override;
    awaitable<error_code> remove_account(account_id id) override;
    awaitable<result<std::size_t>> rename_account(mail_address from,
                                                  mail_address to,
                                                  bool keep_alias) override;
    awaitable<error_code> add_alias(alias wanted) override;
    awaitable<result<std::vector<mail_address>>> remove_targets(
        std::string name, std::vector<mail_address> targets) override;
    awaitable<error_code> enable_alias(std::string name, bool enabled) override;
    awaitable<error_code> remove_alias(alias seen) override;
    awaitable<error_code> add_domain(domain wanted) override;
    awaitable<error_code> set_catch_all(domain seen, mail_address target) override;
    awaitable<error_code> remove_domain(std::string name) override;

    // expunged_store
    awaitable<account_usage> expunged(mail_address address) override;
    awaitable<result<std::uint64_t>> purge(mail_address address) override;
    awaitable<result<restored_mail>> restore(mail_address address,
                                             std::chrono::seconds within) override;

    // queue_store
    awaitable<std::vector<queue_item>> list(std::size_t limit) override;
    awaitable<std::optional<queue_item>> find(queue_id id) override;
    awaitable<error_code> update(queue_item item) override;
    awaitable<error_code> remove(queue_id id) override;

    // change_feed
    [[nodiscard]] std::unique_ptr<subscription> subscribe(account_id account,
                                                          boost::asio::any_io_executor executor,
                                                          account_listener& listener) override;
    [[nodiscard]] std::unique_ptr<subscription> watch(boost::asio::any_io_executor executor,
                                                      account_watcher& watcher) override;

private:
    struct parts;
    explicit lmdb_store(std::unique_ptr<parts> all);
    template <class Refuse>
    awaitable<error_code> lay_down(std::span<pending_body* const> bodies, Refuse refuse);
    awaitable<void> take_back(mailbox_key box, std::vector<uid> copies);
    awaitable<result<mail::uid_ranges>> remove_in_slices(mailbox_key mailbox,
                                                         mail::uid_ranges uids,
                                                         bool only_deleted);
    awaitable<error_code> move_inbox(account_id account, std::string to);

    std::unique_ptr<parts> parts_;
};

}  // namespace hauspost::storage
