#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "protocols/smtp/mailbox_address.hpp"
#include "storage/mail_address.hpp"

#include <cstdint>

namespace hauspost::delivery {

/// Where mail to an address of ours goes that may be a reverse-path of a message sent on.
struct way_back {
    way_back() = default;
    enum class kind : std::uint8_t {
        none,  // an ordinary address
        dead,  // it looks like one of ours, and is forged or too old
        open,
    };
    kind is = kind::none;
    /// When it is open: who sent the message. The domain in lower case and A-labels; the local part
    /// as the sender wrote it, since others may tell cases apart.
    storage::mail_address sender;
};

/// The port to reverse-paths of ours for mail that is sent on; server/outbound implements it.
///
/// Throws  storage::fault
/// Thread  any
class reverse_paths {
public:
    virtual ~reverse_paths() = default;

    /// With which reverse-path a message leaves that came for `forwarder`.
    /// sender     as it came; not null
    /// forwarder  an address of ours, canonical
    /// Refuses    as storage's writes: for the moment
    virtual awaitable<result<smtp::mailbox_address>> rewrite(smtp::mailbox_address sender,
                                                             storage::mail_address forwarder) = 0;
    /// recipient  as RCPT named it
    virtual awaitable<way_back> trace_back(smtp::mailbox_address recipient) = 0;
};

}  // namespace hauspost::delivery
