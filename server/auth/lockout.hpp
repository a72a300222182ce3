#pragma once

#include "base/clock.hpp"
#include "server/auth/keyed_digest.hpp"
#include "server/auth/lru_table.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hauspost::auth {

struct lockout_settings {
    /// Distinct ones, from an IPv4 address or an IPv6 /64; three times as many from an IPv6 /56,
    /// nine times as many from a /48; and for one account from a network that it was used from
    /// before. 0: not counted.
    std::uint32_t wrong_per_network = 10;
    std::uint32_t wrong_per_account = 50;  // from all other networks together; 0: not counted
    std::chrono::seconds window{std::chrono::minutes(10)};
    std::chrono::seconds ban{std::chrono::minutes(10)};  // 0: nobody is ever refused
    std::size_t max_entries = 100'000;                   // of each table
};

/// Who tries: digests, so that no passwords stand in the tables, and of names only what is an address:
/// some type their password where the name belongs.
struct attempt {
    std::vector<digest> networks;  // the narrowest first
    digest account;                // of the canonical name, whether there is such an account or not
    digest pair;                   // of the narrowest network and the account
    digest password;               // of name and password
    std::string name;  // canonical; empty: what was typed is no address, so it may be anything
    bool is_exempt = false;  // from there nobody is shut out, but by order
};

/// Who is shut out from now on.
struct new_ban {
    enum class scope : std::uint8_t { network, account, pair };
    new_ban() = default;
    scope of = scope::network;
    std::size_t network = 0;         // which of attempt::networks
    std::uint32_t passwords = 0;     // different wrong ones
    std::uint32_t times = 1;         // which one it is in a row, with less than a day between two
    std::vector<std::string> tried;  // of a network: the first few names
};

/// peer_networks of an address, as texts. What is no address is taken as it is.
[[nodiscard]] std::vector<std::string> networks_of(std::string_view peer_address);

/// Counts distinct wrong passwords per network and per account, and says who has to wait.
///
/// A stale device with one wrong password counts once. A network from which an account was used
/// before (a known pair) keeps its access to that account, whatever others in the network or from
/// elsewhere do: it has a count of its own. So somebody who tries an account from everywhere, and
/// somebody who tries all accounts from an office's address, lock out strangers only.
///
/// Calling sequence: may_try; before the hash reserve, after it reservation::right or wrong. What
/// needs no hash: right or wrong. Thread: any.
class lockout {
public:
    explicit lockout(const lockout_settings& settings);

    /// An attempt whose password is being hashed. It counts as a wrong one until it is known.
    class reservation {
    public:
        reservation() = default;
        reservation(reservation&& other) noexcept
            : owner_(std::exchange(other.owner_, nullptr)), counters_(std::move(other.counters_)) {}
        reservation& operator=(reservation&&) = delete;
        /// Without a verdict it is as if nobody had tried.
        ~reservation() { release(); }

        /// False: there was a ban, and no hash is to be computed.
        explicit operator bool() const noexcept { return owner_ != nullptr; }
        void release() noexcept;

    private:
        friend lockout;
        reservation(lockout* owner, std::vector<digest> counters)
            : owner_(owner), counters_(std::move(counters)) {}
        lockout* owner_ = nullptr;
        std::vector<digest> counters_;
    };

    /// Whether the account was used from this network before.
    [[nodiscard]] bool is_known(const attempt& who);
    [[nodiscard]] bool may_try(const attempt& who, steady_time now);
    /// Takes a place among those that are allowed. When all that are left are taken by attempts
    /// whose hash is computed at this moment, it waits for the verdict on one of them: no more
    /// passwords are ever tried than allowed, and nobody is refused for what may be right.
    /// Thread: one that may wait for a hash.
    [[nodiscard]] reservation reserve(const attempt& who, steady_time now);

    /// The password was wrong. Tells for whom this one was the last that was allowed.
    std::vector<new_ban> wrong(const attempt& who, steady_time now);
    /// The password was right: the pair is known from now on.
    void right(const attempt& who);
    /// The same of an earlier time, by attempt::pair.
    void know(const digest& pair);

    /// A ban that was made before; one that is over counts for `times`.
    /// key  that of attempt which the scope names
    void shut(new_ban::scope of, const digest& key, steady_time until, std::uint32_t times);
    /// As if none of its passwords had been wrong.
    void lift(new_ban::scope of, const digest& key);
    /// A network that nobody may try from, whatever he was before, since somebody wants it.
    void shut_out(const digest& network, steady_time until);
    void let_in(const digest& network);

private:
    struct counter {
        steady_time since;
        steady_time banned_until;
        std::uint32_t times = 0;               // it was banned in a row
        std::uint32_t pending = 0;             // reserved
        std::vector<std::uint64_t> passwords;  // digests of distinct wrong ones, below the limit
        std::vector<std::string> tried;        // of a network: the first few names
    };
    enum class state : std::uint8_t { open, full, banned };

    [[nodiscard]] std::uint32_t limit_of_network(std::size_t number) const noexcept;
    [[nodiscard]] state look(const attempt& who, steady_time now);
    [[nodiscard]] state look(lru_table<counter>& table,
                             const digest& key,
                             std::uint32_t limit,
                             steady_time now);
    [[nodiscard]] bool is_shut_out(const attempt& who, steady_time now);
    [[nodiscard]] lru_table<counter>& table_of(new_ban::scope of) noexcept;
    /// True: this was the last one.
    [[nodiscard]] bool count(counter& seen,
                             std::uint32_t limit,
                             const attempt& who,
                             steady_time now);

    const lockout_settings settings_;
    std::mutex mutex_;
    std::condition_variable released_;
    lru_table<counter> networks_;
    lru_table<counter> accounts_;
    lru_table<counter> known_;         // by pair
    lru_table<steady_time> shut_out_;  // until when
};

}  // namespace hauspost::auth
