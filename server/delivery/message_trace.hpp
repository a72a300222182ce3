#pragma once

#include "server/delivery/delivery_history.hpp"
#include "server/delivery/taken_message.hpp"
#include "storage/queue_item.hpp"
#include "storage/trace_event.hpp"

#include <span>
#include <vector>

namespace hauspost::delivery {

/// A new message's id.
[[nodiscard]] storage::trace_id make_trace_id();

/// The way in of a message, and where each recipient's mail goes: for storage::delivery_request::trace.
/// remote  as they stand in the request
[[nodiscard]] std::vector<storage::trace_event> steps_of(
    const taken_message& taken,
    const delivery_history& history,
    std::span<const storage::queue_item> remote);

}  // namespace hauspost::delivery
