#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "base/worker_pool.hpp"
#include "storage/mailbox_store.hpp"
#include "storage/view/account_rows.hpp"

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace hauspost::storage::view {

using account_picture = std::shared_ptr<const account_rows>;

/// Pictures of accounts in memory, for who asks for mail by its id, its thread or its date. They are
/// made of the store alone, brought up to date whenever somebody looks, and may be forgotten at any
/// time; a look costs one small read for each mailbox when nothing has changed.
///
/// Memory: max_messages in all, each some 70 octets; who was looked at longest ago goes first.
/// Thread: any.
class account_index {
public:
    static constexpr std::size_t max_messages = 3'000'000;

    /// Both outlive this object.
    account_index(mailbox_store& mail, worker_pool& workers, std::size_t most = max_messages)
        : mail_(mail), workers_(workers), most_(most) {}

    /// All that the store had committed before the call, and perhaps more.
    ///
    /// viewer    whose picture it is; each has his own of a mailbox that several may read
    /// readable  mailboxes of `owner` that he may read, as they are now
    /// Refuses   busy
    /// Throws    storage::fault
    awaitable<result<account_picture>> look(account_id viewer,
                                            account_id owner,
                                            std::vector<mailbox_info> readable);

    [[nodiscard]] std::size_t messages() const;

private:
    using key = std::pair<account_id, account_id>;
    struct entry {
        key of;
        account_picture picture;
    };

    [[nodiscard]] account_picture find(const key& of);
    void keep(const key& of, account_picture picture);
    awaitable<error_code> read_new(mailbox_key of, mail::uid_ranges ranges, mailbox_rows& into);
    awaitable<error_code> update(mailbox_key of, mailbox_rows& rows);
    awaitable<result<account_picture>> build(
        std::vector<std::shared_ptr<const mailbox_rows>> boxes);

    mailbox_store& mail_;
    worker_pool& workers_;
    const std::size_t most_;
    mutable std::mutex mutex_;  // of both below
    std::list<entry> kept_;     // who was looked at last stands first
    std::size_t messages_ = 0;
};

}  // namespace hauspost::storage::view
