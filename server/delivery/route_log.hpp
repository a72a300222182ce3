#pragma once

#include "mail/route_step.hpp"
#include "protocols/smtp/server/mail_sink.hpp"
#include "storage/mail_address.hpp"
#include "storage/trace_event.hpp"

#include <cstddef>
#include <vector>

namespace hauspost::delivery {

/// A walk as it went, for somebody who asks why.
struct route_log {
    static constexpr std::size_t max_steps = 100;
    static constexpr std::size_t max_targets = 20;  // of a step
    std::vector<mail::route_step> steps;
    std::size_t steps_left_out = 0;

    void note(mail::route_step::kind what,
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
