#pragma once

#include "base/awaitable.hpp"
#include "base/ids.hpp"

#include <cstdint>
#include <string>

namespace hauspost::admin {

struct resend_order {
    resend_order() = default;
    blob_id blob;    // of the message
    std::string to;  // canonical
    std::string
        by;  // canonical, of a domain of ours: who sends it, and hears when it cannot arrive
};

/// What became of it.
struct resend_end {
    resend_end() = default;
    enum class verdict : std::uint8_t {
        taken,    // it lies in a mailbox, or waits to leave
        gone,     // the message is not in the store any more
        nobody,   // nobody has the address
        refused,  // the address takes none: switched off, full, or it leads in circles
        disk_full,
        busy,
    };
    verdict how = verdict::busy;
    std::string id;  // of taken: by which the trace knows it
};

/// The port by which a stored message goes to another address, by the same routing as any mail.
/// Implemented over the server's own way for mail that it sends.
///
/// Throws  storage::fault
/// Thread  any; resumes on the caller's executor
class resending {
public:
    virtual ~resending() = default;
    virtual awaitable<resend_end> send(resend_order order) = 0;
};

}  // namespace hauspost::admin
