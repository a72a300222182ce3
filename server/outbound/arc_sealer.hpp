#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "base/worker_pool.hpp"
#include "protocols/arc/verify.hpp"
#include "protocols/dkim/verify.hpp"
#include "protocols/dns/resolver.hpp"
#include "server/outbound/dkim_signer.hpp"
#include "server/outbound/forwarded_author.hpp"
#include "storage/blob_store.hpp"
#include "storage/queue_item.hpp"

#include <string>

namespace hauspost::outbound {

/// Puts an ARC set in front of mail that is sent on: what its signatures were worth when it came, under a
/// signature of who sends it on. It is made when the message leaves, over what leaves.
///
/// Without a set it leaves where none can be made: nobody sends it on, his domain has no keys, the chain
/// that it came with is broken, or the DNS is silent. None of that is a reason to wait.
///
/// Lifetime: what is passed in must outlive it. Thread: any; hashes and keys are worked on by workers.
/// RFC  8617 5
class arc_sealer {
public:
    /// hostname  of this server, as ARC-Authentication-Results names it
    arc_sealer(storage::blob_store& blobs,
               dns::resolver& resolver,
               dkim_signer& signer,
               worker_pool& workers,
               const clock& time,
               std::string hostname)
        : blobs_(blobs),
          resolver_(resolver),
          signer_(signer),
          workers_(workers),
          time_(time),
          hostname_(std::move(hostname)) {}

    /// form    in which the message leaves; gets the set
    /// Throws  storage::fault
    awaitable<void> seal(const storage::queue_item& item, leaving_form& form);

private:
    struct checked;

    awaitable<bool> check(const storage::queue_item& item, checked& into);
    awaitable<std::string> results_of(const dkim::verifier& verifier);

    storage::blob_store& blobs_;
    dns::resolver& resolver_;
    dkim_signer& signer_;
    worker_pool& workers_;
    const clock& time_;
    const std::string hostname_;
};

}  // namespace hauspost::outbound
