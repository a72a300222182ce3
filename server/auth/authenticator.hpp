#pragma once

#include "base/clock.hpp"
#include "base/worker_pool.hpp"
#include "protocols/sasl/credentials.hpp"
#include "server/auth/keyed_digest.hpp"
#include "server/auth/lockout.hpp"
#include "server/auth/password_hash.hpp"
#include "server/auth/success_cache.hpp"
#include "storage/directory_store.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace hauspost::auth {

struct authenticator_settings {
    argon2_parameters argon2;
    std::size_t hash_threads = 2;
    std::size_t max_waiting = 64;
    std::chrono::seconds cache_age{std::chrono::minutes(15)};  // 0: no cache
    std::size_t cache_entries = 10'000;
    lockout_settings lockout;
    std::function<steady_time()> now = [] { return std::chrono::steady_clock::now(); };
};

/// The verdict on passwords, for all protocols. Hashes run on a fixed number of threads behind a
/// short queue; when that is full the answer is sasl::errc::busy, and memory stays flat (E03).
///
/// Each check that reaches a verdict without the cache costs exactly one hash, whether the user is
/// unknown, has no password, is switched off, or the password is wrong (E01).
///
/// Calling sequence: construct, use from any thread, stop() before the callers' io_contexts go.
class authenticator final : public sasl::credentials {
public:
    authenticator(storage::directory_store& directory, authenticator_settings settings);

    awaitable<result<sasl::identity>> check(std::string user,
                                            secret password,
                                            std::string peer) override;

    /// A hash for a new password, made on the same threads.
    /// Returns  nullopt when the queue is full
    awaitable<std::optional<std::string>> hash(secret password);

    void stop() { pool_.stop(); }

    /// How many hashes were computed in all.
    [[nodiscard]] std::uint64_t hashes() const noexcept { return hashes_.load(); }

private:
    enum class verdict : std::uint8_t { wrong, right, busy };

    [[nodiscard]] attempt describe(std::string_view name,
                                   const secret& password,
                                   const std::string& network) const;
    awaitable<verdict> compare(std::string phc, secret password, digest login, bool may_succeed);
    void note_wrong(const attempt& who, const std::string& network);

    storage::directory_store& directory_;
    const authenticator_settings settings_;
    const keyed_digest digest_of_;
    const std::string dummy_hash_;
    lockout lockout_;
    success_cache cache_;
    std::atomic<std::uint64_t> hashes_ = 0;
    worker_pool pool_;
};

}  // namespace hauspost::auth
