#pragma once

#include "protocols/sasl/credentials.hpp"

#include <atomic>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>

namespace hauspost::server {

/// Counts the sessions that are logged in to each account. Thread: any.
class account_sessions {
public:
    /// most  for one account at the same time; 0: no limit
    explicit account_sessions(std::size_t most) : most_(most) {}

    /// For logins from now on.
    void set_most(std::size_t most) noexcept { most_ = most; }

    /// One more; leave() must follow unless it is refused with false.
    [[nodiscard]] bool enter(account_id account);
    void leave(account_id account) noexcept;

private:
    std::atomic<std::size_t> most_;
    std::mutex mutex_;
    std::map<account_id, std::size_t> open_;
};

/// The verdict on the passwords of one session. A right one counts the session for its account
/// until this object ends; when the account has its sessions already it is refused as busy.
///
/// Lifetime: both parameters must outlive it. Thread: the session's.
class counted_credentials final : public sasl::credentials {
public:
    counted_credentials(sasl::credentials& passwords, account_sessions& sessions)
        : passwords_(passwords), sessions_(sessions) {}
    ~counted_credentials() override { forget(); }
    counted_credentials(const counted_credentials&) = delete;
    counted_credentials& operator=(const counted_credentials&) = delete;

    awaitable<result<sasl::identity>> check(std::string user,
                                            secret password,
                                            std::string peer,
                                            function_ref<void(account_id)> listen) override;
    void note_client(account_id account, const sasl::client& client) noexcept override {
        passwords_.note_client(account, client);
    }

private:
    void forget() noexcept;

    sasl::credentials& passwords_;
    account_sessions& sessions_;
    account_id counted_for_;  // 0: not counted
};

}  // namespace hauspost::server
