#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "protocols/smtp/mail_sink.hpp"
#include "storage/directory_store.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::delivery {

/// What routing wants to know of the directory. Names in canonical form (canonical_address).
class route_lookup {
public:
    virtual ~route_lookup() = default;
    virtual awaitable<storage::directory_entry> find_address(storage::mail_address name) = 0;
    virtual awaitable<std::optional<storage::domain>> find_domain(std::string name) = 0;
    /// The first of a domain's accounts by name, active or not.
    virtual awaitable<std::optional<storage::account>> first_account(std::string domain) = 0;
    virtual awaitable<storage::account_usage> usage(account_id id) = 0;
};

struct routing_settings {
    /// Takes the mail for postmaster@ and abuse@ that nobody else takes; may be empty.
    storage::mail_address owner_mailbox;
    std::size_t max_depth = 20;      // of aliases and forwards behind one another
    std::size_t max_targets = 1000;  // of one recipient
};

/// Where the mail for one envelope recipient goes.
struct route {
    /// accepted: there is at least one target. Else there is none, and this says why.
    smtp::recipient_verdict verdict = smtp::recipient_verdict::no_such_user;
    std::vector<storage::account> local;        // each once
    std::vector<storage::mail_address> remote;  // each once
    /// An alias or forward led back to where it came from, or too deep; it was not followed.
    bool is_loop_cut = false;
    /// Targets that got nothing although others did: unknown, disabled, without room.
    std::vector<storage::mail_address> skipped;
};

/// Follows one address to all its targets (design.md 4, "Routing"): exact account, alias,
/// sub-address name+detail, catch-all; then the forwards of each account reached, and so on.
///
/// recipient  canonical (canonical_address)
/// octets     what the message will take, as far as it is known: an account without room for it
///            counts as over quota
/// Thread     any; only looks up
awaitable<route> find_route(route_lookup& lookup,
                            storage::mail_address recipient,
                            std::uint64_t octets,
                            const routing_settings& settings);

/// The form in which the directory keeps an address: domain in U-labels, all in lower case and
/// NFC. "" when it cannot be one.
[[nodiscard]] storage::mail_address canonical_address(const smtp::mailbox_address& address);

/// route_lookup over the directory.
/// Strangers can ask for postmaster@ as often as they like, so what takes a walk over the directory
/// is remembered for memory_age. Thread: any.
class directory_lookup final : public route_lookup {
public:
    static constexpr std::chrono::seconds memory_age{5};
    static constexpr std::size_t max_remembered = 1000;  // domains

    explicit directory_lookup(
        storage::directory_store& directory,
        std::function<steady_time()> now = [] { return std::chrono::steady_clock::now(); })
        : directory_(directory), now_(std::move(now)) {}
    awaitable<storage::directory_entry> find_address(storage::mail_address name) override;
    awaitable<std::optional<storage::domain>> find_domain(std::string name) override;
    /// An account that was made less than memory_age ago may be missing.
    awaitable<std::optional<storage::account>> first_account(std::string domain) override;
    awaitable<storage::account_usage> usage(account_id id) override;
    /// The first local domain by name; "" when there is none.
    awaitable<std::string> first_domain();

private:
    struct remembered {
        steady_time until;
        storage::mail_address name;  // "" when there is none
    };

    awaitable<storage::mail_address> walk_to_first(std::string domain);
    [[nodiscard]] std::optional<std::string> recall(const std::string& domain);
    void remember(const std::string& domain, std::string name);

    storage::directory_store& directory_;
    const std::function<steady_time()> now_;
    std::mutex mutex_;
    std::map<std::string, remembered> first_;  // by domain; "" for the first domain itself
};

}  // namespace hauspost::delivery
