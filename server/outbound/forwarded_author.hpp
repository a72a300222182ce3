#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "base/worker_pool.hpp"
#include "protocols/dkim/verify.hpp"
#include "protocols/dmarc/tree_walk.hpp"
#include "protocols/dns/resolver.hpp"
#include "server/outbound/dkim_signer.hpp"
#include "storage/blob_store.hpp"
#include "storage/queue_item.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace hauspost::outbound {

/// Who of ours sends a message on; "": nobody.
[[nodiscard]] storage::mail_address forwarder_of(const storage::queue_item& item);

/// In which form a message leaves.
struct leaving_form {
    enum class kind : std::uint8_t {
        as_it_is,
        rewritten,  // with another front: another author in its From, or a set of ARC
        later,      // that cannot be known now
    };
    kind is = kind::as_it_is;
    /// When it is rewritten: what leaves instead of the item's prefix and of so many of the blob's
    /// first octets.
    std::string front;
    std::uint64_t skip = 0;
    std::string why;  // when later, for people
};

/// Sees to it that the next server does not refuse what we send on. A domain may want mail refused
/// that fails DMARC. From us it passes when a signature of the author's still fits; SPF speaks for us
/// and never for him. Where none fits, the message leaves in the name of who sends it on, signed by
/// us: else it would be lost, and the next server would take us for a forger.
///
/// It is found out when the message leaves, not when it comes: signatures are looked at as the next
/// server will, the DNS may take its time while nobody waits for a reply, and one that is silent means
/// a later attempt. After `patience` it leaves: as it is, where the domain's policy is still unknown;
/// rewritten, where it is known to be strict and only the key is missing.
///
/// Lifetime: what is passed in must outlive it. Thread: any; hashes and keys are worked on by workers.
/// RFC  9989 4, 5; 6376 6
class forwarded_author {
public:
    static constexpr std::chrono::hours patience{1};

    forwarded_author(storage::blob_store& blobs,
                     dns::resolver& resolver,
                     dkim_signer& signer,
                     worker_pool& workers,
                     const clock& time)
        : blobs_(blobs), resolver_(resolver), signer_(signer), workers_(workers), time_(time) {}

    /// Throws  storage::fault
    awaitable<leaving_form> find_form(const storage::queue_item& item);

private:
    enum class proof : std::uint8_t { found, none, unknown };

    awaitable<std::optional<std::string>> read_header(const storage::queue_item& item);
    awaitable<dmarc::findings> look_up(std::string domain);
    awaitable<proof> find_proof(const storage::queue_item& item,
                                std::string author,
                                dmarc::findings policy);
    awaitable<proof> is_aligned(std::string author, dmarc::findings policy, std::string identifier);
    awaitable<leaving_form> rewrite(const storage::queue_item& item,
                                    std::string header,
                                    storage::mail_address by);
    [[nodiscard]] bool may_wait(const storage::queue_item& item) const;

    storage::blob_store& blobs_;
    dns::resolver& resolver_;
    dkim_signer& signer_;
    worker_pool& workers_;
    const clock& time_;
};

}  // namespace hauspost::outbound
