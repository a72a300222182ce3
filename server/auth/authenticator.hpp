#pragma once

#include "base/clock.hpp"
#include "base/network_list.hpp"
#include "base/worker_pool.hpp"
#include "protocols/sasl/credentials.hpp"
#include "server/auth/authenticator_settings.hpp"
#include "server/auth/ban_book.hpp"
#include "server/auth/dummy_hash.hpp"
#include "server/auth/keyed_digest.hpp"
#include "server/auth/lockout.hpp"
#include "server/auth/login_cache.hpp"
#include "server/auth/password_hash.hpp"
#include "server/auth/password_rules.hpp"
#include "storage/directory_store.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::auth {

/// What came of the owner's password.
struct owner_match {
    bool fits = false;
    std::string renewed;  // its hash at the configured cost, where it has another; else empty
};

/// The verdict on passwords, for all protocols. Hashes run on a fixed number of threads behind a
/// short queue; when that is full the answer is sasl::errc::busy, and memory stays flat (E03). Part
/// of the queue is kept for known pairs of network and account.
///
/// Each check that reaches a verdict without a cache costs exactly one hash, whether the user is
/// unknown, has no password, is switched off, or the password is wrong (E01). A login whose hash
/// was made at another cost than the configured one gets a new one when it is right.
///
/// Calling sequence: construct, use from any thread, stop() before the callers' io_contexts go.
/// RFC  8265 4.2, 9106
class authenticator final : public sasl::credentials {
public:
    /// bans  where those that it makes are written down; null: nowhere. Outlives this object
    authenticator(storage::directory_store& directory,
                  authenticator_settings settings,
                  ban_book* bans = nullptr);

    awaitable<result<sasl::identity>> check(std::string user,
                                            secret password,
                                            std::string peer,
                                            function_ref<void(account_id)> listen) override;

    /// Looks at all accounts once, so that what is hashed for unknown users costs what most
    /// accounts cost. Before it has run that is the configured cost.
    awaitable<void> learn_costs();

    /// A hash for a new password, made on the same threads.
    /// Returns  nullopt when the queue is full
    awaitable<std::optional<std::string>> hash(secret password);

    /// Whether the password fits the owner's hash. Costs one hash, whether it does or there is none
    /// (""), and one more when it fits a hash that is to be renewed. It may take the places that are kept for known pairs, but few at once, so that
    /// neither a flood of logins shuts the owner out, nor one of his sign-ins those who read mail.
    /// Returns  nullopt when the queue is full, or too many of these are in it
    awaitable<std::optional<owner_match>> verify_owner(std::string phc, secret password);

    /// How hard a password is to guess, 0 to 4, found on the same threads.
    /// Returns  nullopt when the queue is full
    awaitable<std::optional<std::uint32_t>> score(secret password);

    /// What is wrong with a new password, found on the same threads; address and rules as for
    /// find_faults.
    /// Returns  nullopt when the queue is full
    awaitable<std::optional<std::vector<password_fault>>> judge(secret password,
                                                                std::string address,
                                                                password_rules rules);

    /// One of mail that was made before this start, or by an administrator: it holds at once.
    void take_up(const known_ban& ban);
    void lift(const storage::ban_name& name);
    /// The account was used from this network before this start.
    void know(std::string_view network, std::string_view account);

    /// From there nobody is shut out any more, however many wrong passwords come; who is shut out by order
    /// stays so. Thread: any.
    void exempt(network_list networks);

    void stop() { pool_.stop(); }

    /// What is hashed for unknown users. Thread: one that may wait for a hash.
    [[nodiscard]] std::string dummy() { return dummy_.get(); }
    /// How many hashes were computed in all.
    [[nodiscard]] std::uint64_t hashes() const noexcept { return hashes_.load(); }

private:
    enum class verdict : std::uint8_t { wrong, right, busy, throttled };
    class stranger;
    struct login;

    [[nodiscard]] bool is_exempt(const std::string& peer) const;
    [[nodiscard]] login describe(std::string_view name,
                                 bool is_address,
                                 secret password,
                                 const std::string& peer);
    [[nodiscard]] digest digest_of_network(std::string_view network) const;
    [[nodiscard]] digest digest_of_account(std::string_view name) const;
    [[nodiscard]] digest digest_of_pair(std::string_view network, std::string_view name) const;
    awaitable<verdict> compare(login& who, const std::optional<storage::account>& account);
    [[nodiscard]] verdict compare_here(login& who, const std::string& phc, bool may_succeed);
    awaitable<void> renew(login& who, account_id account, std::string& phc);
    void note_wrong(const login& who);
    void note_ban(const login& who, const new_ban& made);

    storage::directory_store& directory_;
    const authenticator_settings settings_;
    ban_book* const bans_;
    const keyed_digest digest_of_;
    dummy_hash dummy_;
    lockout lockout_;
    login_cache right_;
    login_cache wrong_;
    mutable std::mutex exempt_mutex_;  // of the pointer only
    std::shared_ptr<const network_list> exempt_;
    std::atomic<std::uint64_t> hashes_ = 0;
    std::atomic<std::size_t> strangers_ = 0;  // whose hash waits or is being computed
    std::atomic<std::size_t> owners_ = 0;     // the same, of the owner's page
    worker_pool pool_;
};

}  // namespace hauspost::auth
