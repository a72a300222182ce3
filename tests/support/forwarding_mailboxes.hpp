#pragma once

#include "storage/mailbox_store.hpp"

#include <memory>
#include <utility>

namespace hauspost::test {

/// Hands everything on to another one; a test overrides what is to go wrong.
class forwarding_mailboxes : public storage::mailbox_store {
public:
    explicit forwarding_mailboxes(storage::mailbox_store& real) : real_(real) {}

    awaitable<result<std::vector<storage::mailbox_info>>> list(account_id account) override {
        return real_.list(account);
    }
    awaitable<result<std::vector<storage::named_mailbox>>> names(account_id account) override {
        return real_.names(account);
    }
    awaitable<result<std::vector<storage::mailbox_info>>> describe(
        account_id account, std::span<const storage::named_mailbox> some) override {
        return real_.describe(account, some);
    }
    awaitable<result<storage::mailbox_info>> find(account_id account, std::string name) override {
        return real_.find(account, std::move(name));
    }
    awaitable<result<mailbox_id>> create(account_id account,
                                         std::string name,
                                         mail::special_use use) override {
        return real_.create(account, std::move(name), use);
    }
    awaitable<error_code> remove(account_id account, std::string name) override {
        return real_.remove(account, std::move(name));
    }
    awaitable<error_code> rename(account_id account, std::string from, std::string to) override {
        return real_.rename(account, std::move(from), std::move(to));
    }
    awaitable<error_code> set_subscribed(account_id account, std::string name, bool on) override {
        return real_.set_subscribed(account, std::move(name), on);
    }
    awaitable<result<std::vector<std::string>>> subscriptions(account_id account) override {
        return real_.subscriptions(account);
    }
    awaitable<result<storage::quota_state>> quota(account_id account) override {
        return real_.quota(account);
    }
    awaitable<result<storage::mailbox_snapshot>> open(storage::mailbox_key mailbox) override {
        return real_.open(mailbox);
    }
    awaitable<result<std::vector<std::string>>> keywords(storage::mailbox_key mailbox) override {
        return real_.keywords(mailbox);
    }
    awaitable<result<storage::mailbox_changes>> changes(storage::mailbox_key mailbox,
                                                        modseq since) override {
        return real_.changes(mailbox, since);
    }
    awaitable<result<storage::vanished_uids>> vanished(storage::mailbox_key mailbox,
                                                       modseq since) override {
        return real_.vanished(mailbox, since);
    }
    [[nodiscard]] std::unique_ptr<storage::message_cursor> walk(storage::mailbox_key mailbox,
                                                                mail::uid_ranges ranges,
                                                                storage::walk_detail detail,
                                                                modseq since = {}) override {
        return real_.walk(mailbox, std::move(ranges), detail, since);
    }
    awaitable<result<storage::append_result>> append(storage::append_request request) override {
        return real_.append(std::move(request));
    }
    awaitable<result<std::vector<storage::append_result>>> append_all(
        std::vector<storage::append_request> requests,
        std::optional<storage::replaced_message> replaced,
        storage::trace_actor by) override {
        return real_.append_all(std::move(requests), std::move(replaced), std::move(by));
    }
    awaitable<result<storage::store_result>> store_flags(storage::store_request request) override {
        return real_.store_flags(std::move(request));
    }
    awaitable<result<storage::copy_result>> transfer(storage::mailbox_key from,
                                                     mail::uid_ranges uids,
                                                     storage::mailbox_key to,
                                                     bool move,
                                                     mail::flag_mask kept) override {
        return real_.transfer(from, std::move(uids), to, move, kept);
    }
    awaitable<result<mail::uid_ranges>> claim_recent(storage::mailbox_key mailbox) override {
        return real_.claim_recent(mailbox);
    }
    awaitable<result<mail::uid_ranges>> expunge(storage::mailbox_key mailbox,
                                                mail::uid_ranges uids,
                                                storage::trace_actor by) override {
        return real_.expunge(mailbox, std::move(uids), std::move(by));
    }
    awaitable<result<mail::uid_ranges>> remove_messages(storage::mailbox_key mailbox,
                                                        mail::uid_ranges uids,
                                                        storage::trace_actor by) override {
        return real_.remove_messages(mailbox, std::move(uids), std::move(by));
    }

protected:
    storage::mailbox_store& real_;
};

}  // namespace hauspost::test
