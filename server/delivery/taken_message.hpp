#pragma once

#include "protocols/smtp/server/envelope.hpp"
#include "server/delivery/trace_headers.hpp"
#include "storage/trace_event.hpp"

#include <cstdint>

namespace hauspost::delivery {

/// A message that has come whole and was read: what its targets and its trace are made of.
struct taken_message {
    const smtp::envelope& envelope;
    const trace& header;
    storage::trace_id id;
    std::uint64_t octets = 0;     // as they are stored
    std::int64_t arrived_at = 0;  // Unix seconds
    bool with_subject = false;    // the trace says what it is about
};

}  // namespace hauspost::delivery
