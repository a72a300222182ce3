#pragma once

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "server/delivery/reverse_paths.hpp"
#include "server/outbound/srs.hpp"
#include "storage/directory_store.hpp"
#include "storage/secret_store.hpp"

#include <string>
#include <vector>

namespace hauspost::outbound {

/// Reverse-paths by SRS (srs.hpp), in the domain of whoever sends a message on. Its keys are the
/// secrets "srs/...": all read, the newest makes; the first is made when it is needed.
///
/// Lifetime: what is passed in must outlive it. Thread: any; small reads on the calling thread.
class forwarded_paths final : public delivery::reverse_paths {
public:
    forwarded_paths(storage::directory_store& directory,
                    storage::secret_store& secrets,
                    const clock& time)
        : directory_(directory), secrets_(secrets), time_(time) {}

    /// Senders of our own domains stay. One who does not fit is replaced by `forwarder`, who then
    /// hears of the failure.
    awaitable<result<smtp::mailbox_address>> rewrite(smtp::mailbox_address sender,
                                                     storage::mail_address forwarder) override;
    awaitable<delivery::way_back> trace_back(smtp::mailbox_address recipient) override;

private:
    awaitable<std::vector<secret>> keys();
    awaitable<error_code> make_key();
    [[nodiscard]] std::int64_t now() const;

    storage::directory_store& directory_;
    storage::secret_store& secrets_;
    const clock& time_;
};

}  // namespace hauspost::outbound
