#pragma once

#include "protocols/smtp/server/envelope.hpp"
#include "server/delivery/delivery_history.hpp"
#include "server/delivery/trace_headers.hpp"
#include "storage/queue_item.hpp"
#include "storage/trace_event.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace hauspost::delivery {

/// A new message's id.
[[nodiscard]] storage::trace_id make_trace_id();

/// What the trace says of a message that was taken.
struct taken_message {
    const smtp::envelope& envelope;
    const trace& header;
    storage::trace_id id;
    std::uint64_t octets = 0;
    bool with_subject = false;
};

/// Its way in, and where each recipient's mail goes: for storage::delivery_request::trace.
/// remote  as they stand in the request
[[nodiscard]] std::vector<storage::trace_event> steps_of(
    const taken_message& taken,
    const delivery_history& history,
    std::span<const storage::queue_item> remote);

}  // namespace hauspost::delivery
