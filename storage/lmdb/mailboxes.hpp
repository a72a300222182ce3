#pragma once

#include "storage/lmdb/store_core.hpp"
#include "storage/mailbox_store.hpp"

namespace hauspost::storage::lmdb {

/// What changes messages stands in messages.cpp.
class mailboxes final : public mailbox_store {
public:
    explicit mailboxes(store_core& core) : core_(core) {}

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
    [[nodiscard]] std::unique_ptr<message_cursor> walk(mailbox_key mailbox,
                                                       mail::uid_ranges ranges,
                                                       walk_detail detail,
                                                       modseq since = {}) override;
    awaitable<result<append_result>> append(append_request request) override;
    awaitable<result<std::vector<append_result>>> append_all(
        std::vector<append_request> requests,
        std::optional<replaced_message> replaced,
        trace_actor by) override;
    awaitable<result<store_result>> store_flags(store_request request) override;
    awaitable<result<copy_result>> transfer(mailbox_key from,
                                            mail::uid_ranges uids,
                                            mailbox_key to,
                                            bool move,
                                            mail::flag_mask kept) override;
    awaitable<result<mail::uid_ranges>> claim_recent(mailbox_key mailbox) override;
    awaitable<result<mail::uid_ranges>> expunge(mailbox_key mailbox,
                                                mail::uid_ranges uids,
                                                trace_actor by) override;
    awaitable<result<mail::uid_ranges>> remove_messages(mailbox_key mailbox,
                                                        mail::uid_ranges uids,
                                                        trace_actor by) override;

private:
    awaitable<error_code> move_inbox(account_id account, std::string to);
    awaitable<void> take_back(mailbox_key box, std::vector<uid> copies);
    awaitable<result<mail::uid_ranges>> remove_in_slices(mailbox_key mailbox,
                                                         mail::uid_ranges uids,
                                                         bool only_deleted,
                                                         trace_actor by);

    store_core& core_;
};

}  // namespace hauspost::storage::lmdb
