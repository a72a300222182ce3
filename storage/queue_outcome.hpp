#pragma once

#include "base/ids.hpp"
#include "storage/queue_item.hpp"
#include "storage/trace_event.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::storage {

/// What became of a claimed recipient.
struct queue_outcome {
    queue_id id;
    std::uint32_t number = 0;
    enum class end : std::uint8_t {
        done,     // it leaves the queue
        again,    // waiting, until due_at
        release,  // as if it had not been claimed
        report,   // it becomes what state says, and is due at once
    };
    end what = end::done;
    queue_state state = queue_state::waiting;  // with report
    std::int64_t due_at = 0;                   // with again
    bool delay_told = false;
    std::string reply, host, tls;         // as queue_recipient's last_*; empty with release
    trace_step trace = trace_step::none;  // what the trace says of it
};

/// Recipients that are settled with what came of them: by the commit that stores it, so that it is not
/// stored once more when the claim is repeated, by whomever.
struct claimed_outcomes {
    std::uint64_t lease = 0;  // of queue_claim; 0: there are none
    std::vector<queue_outcome> outcomes;
};

}  // namespace hauspost::storage
