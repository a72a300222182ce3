#pragma once

#include "base/awaitable.hpp"
#include "protocols/smtp/server/mail_sink.hpp"
#include "server/delivery/route_log.hpp"
#include "server/delivery/routing_settings.hpp"
#include "storage/directory_store.hpp"
#include "storage/trace_event.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hauspost::delivery {

/// What routing wants to know of the directory. Names in canonical form (canonical_address).
class route_lookup {
public:
    virtual ~route_lookup() = default;
    /// As storage::directory_store's.
    virtual awaitable<storage::met_address> find_recipient(
        std::vector<storage::mail_address> names) = 0;
    /// The first by name of a domain's accounts that are not switched off, as find_recipient gives
    /// it; domain "": of all.
    virtual awaitable<std::optional<storage::met_address>> first_account(std::string domain) = 0;
};

/// Somebody to whom the mail should have gone as well, and never can.
struct lost_target {
    storage::mail_address name;
    smtp::recipient_verdict why = smtp::recipient_verdict::no_such_user;
    /// Its own server has refused it again and again (storage::forward_store); the owner knows.
    bool is_suspended = false;
};

/// Why a target gets the mail, for the trace.
struct route_reason {
    storage::trace_rule rule = storage::trace_rule::none;
    storage::mail_address by;  // the alias, or who forwards; else the address that was looked up
};

/// Where the mail for one envelope recipient goes.
struct route {
    /// accepted: there is at least one target. Else there is none, and this says why.
    smtp::recipient_verdict verdict = smtp::recipient_verdict::no_such_user;
    std::vector<storage::account> local;        // each once
    std::vector<storage::mail_address> remote;  // each once
    std::vector<route_reason> local_reasons;    // of each of local
    std::vector<route_reason> remote_reasons;   // of each of remote
    /// Who leads to each of `remote`, in their order, as storage::forward_way has it; "": nobody of
    /// whom the directory knows.
    std::vector<storage::mail_address> remote_by;
    /// An alias or forward led back to where it came from; it was not followed.
    bool is_loop_cut = false;
    /// Targets that get nothing although others do, for good: unknown, disabled, too far behind.
    /// Also when there are no others, and it is refused.
    std::vector<lost_target> lost;
    /// With over_quota: who has no room. The mail must come again then, for all of them.
    storage::mail_address full;
    std::size_t targets = 0;  // addresses that were followed
};

/// Follows one address to all its targets: exact account, alias, sub-address name+detail,
/// catch-all; then the forwards of each account reached, and so on.
///
/// Mail for postmaster and abuse always arrives (RFC 5321 4.5.1, RFC 2142): where all this leads to
/// nobody, at the first account of the domain, else of all, that is not switched off.
///
/// Nobody behind an alias or forward is passed over for a reason that may go by: when one target
/// has no room the recipient is over quota as a whole. Unknown and disabled ones are `lost` as
/// long as there is another target.
///
/// A recipient of another domain is refused, or with routing_settings::may_relay its own remote
/// target; one at an address literal is refused in any case.
///
/// recipient  canonical (canonical_address)
/// octets     what the message will take, as far as it is known: `recipient` itself counts as over
///            quota without room for it. An account behind an alias or forward takes any message as
///            long as it has any room, so that one small mailbox stops no list.
/// log        null: nobody asks; outlives the run
/// Thread     any; only looks up, and lets others run every few hundred microseconds
awaitable<route> find_route(route_lookup& lookup,
                            storage::mail_address recipient,
                            std::uint64_t octets,
                            const routing_settings& settings,
                            route_log* log = nullptr);

/// The routes of one message's recipients. Many may lead to the same place (list+1@, list+2@, all
/// that fall into a catch-all): it is walked once.
///
/// lookup and settings must outlive this object. One coroutine at a time.
class message_routes {
public:
    struct found {
        route to;  // without targets when is_known
        /// An earlier recipient arrived at the same place: the verdict is that one's, and nobody
        /// else is reached.
        bool is_known = false;
        storage::mail_address arrival;
    };

    message_routes(route_lookup& lookup, const routing_settings& settings)
        : lookup_(lookup), settings_(settings) {}

    /// Arguments as for find_route. Besides its verdicts too_many_recipients, when this one would
    /// lead the message to more targets than it may have.
    awaitable<found> find(storage::mail_address recipient, std::uint64_t octets);

private:
    route_lookup& lookup_;
    const routing_settings& settings_;
    std::unordered_map<storage::mail_address, smtp::recipient_verdict> verdicts_;  // by arrival
    std::size_t targets_ = 0;
    std::size_t asked_ = 0;
};

/// address::canonical of a path. "" when it cannot be one.
[[nodiscard]] storage::mail_address canonical_address(const smtp::mailbox_address& address);

/// The path of a canonical address, whose local part is not quoted.
[[nodiscard]] smtp::mailbox_address path_of(std::string_view name);

}  // namespace hauspost::delivery
