#pragma once

#include "protocols/smtp/server/mail_sink.hpp"
#include "storage/account.hpp"
#include "storage/trace_event.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hauspost::delivery {

/// One thing that a walk from a recipient to its targets found or decided.
struct route_event {
    enum class kind : std::uint8_t {
        sub_address,   // `name` is targets' first with a detail
        catch_all,     // nobody has `name`: targets' first takes what is for nobody
        owner,         // the same, for mail that has to arrive: the owner's mailbox
        last_resort,   // the same, the first account that reads it
        alias,         // `name` leads to `targets`
        forward,       // mail of `name` goes on to `targets`, and a copy stays
        forward_only,  // the same without a copy
        kept,          // a copy is laid into the account `name`
        other_domain,  // a copy goes to the server of another domain
        // Of here on the address gets nothing.
        nobody,
        disabled,
        full,
        suspended,  // its own server refuses what is forwarded
        loop,       // it leads back to itself, and is not followed again
        too_deep,
        too_many_targets,
        relay_denied,
    };
    kind what = kind::nobody;
    storage::mail_address name;
    std::vector<storage::mail_address> targets;  // at most route_log::max_targets
    std::size_t targets_left_out = 0;
};

/// A walk as it went, for somebody who asks why.
struct route_log {
    static constexpr std::size_t max_events = 100;
    static constexpr std::size_t max_targets = 20;
    std::vector<route_event> events;
    std::size_t events_left_out = 0;

    void note(route_event::kind what,
              const storage::mail_address& name,
              const std::vector<storage::mail_address>& targets = {});
    /// That a name leads on by a rule, as the trace has it.
    void note(storage::trace_rule rule,
              const storage::mail_address& from,
              const storage::mail_address& to);
    /// That a name gets nothing.
    void note(smtp::recipient_verdict why, const storage::mail_address& name);
};

}  // namespace hauspost::delivery
