#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "protocols/client_setup/autodiscover.hpp"
#include "protocols/client_setup/served.hpp"
#include "protocols/http/request.hpp"
#include "protocols/http/response.hpp"
#include "server/client_setup/setup_paths.hpp"
#include "storage/directory_store.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::client_setup {

struct setup_config {
    served services;  // without what is of one domain or person; the host name in lower case
    std::uint16_t https_port = 0;  // 0: not offered
};

/// The document signed by the server, in DER; as it is where nobody would trust the signature, or
/// the server's key cannot make one. nullopt: too much work waits for its turn.
using document_signer = std::function<awaitable<std::optional<std::string>>(std::string document)>;

/// What mail programs are told that ask how an account is set up. Nothing of it is secret: the same
/// for every address of a domain, whether there is such an account or not.
///
/// Lifetime: what it is given must outlive it. Thread: any.
class setup_answers {
public:
    setup_answers(storage::directory_store& directory,
                  const clock& time,
                  setup_config config,
                  document_signer signer);

    /// Whether a request that names this host means us: the server's own name, a domain of ours, or
    /// autoconfig or autodiscover in front of one. An empty one (HTTP/1.0) does.
    awaitable<bool> is_ours(std::string host);

    /// What a request for a document is answered: 200, or 404 for a domain that is none of ours.
    ///
    /// autoconfig         of the domain that the address in the query has, else of the one that the
    ///                    host's name says, else of the one above the server's own name
    /// profile            of the address in the query
    /// autodiscover       always 200, with settings or an error within
    /// autodiscover_json  400 with a code within for what it does not know
    ///
    /// Precondition: which is not document::none.
    awaitable<http::response> document_of(document which, http::request asked);

    [[nodiscard]] const setup_config& config() const noexcept { return config_; }

private:
    awaitable<http::response> autoconfig(http::request_head head);
    awaitable<http::response> profile(http::request_head head);
    awaitable<http::response> autodiscover(http::request asked);
    awaitable<http::response> autodiscover_json(http::request_head head);
    /// The domain of ours that a name stands for, in A-labels.
    awaitable<std::optional<std::string>> find_domain(std::string_view typed);
    awaitable<std::optional<std::string>> domain_of_host(std::string host);
    /// The settings of an address of ours.
    awaitable<std::optional<served>> find_settings(std::string typed);
    [[nodiscard]] http::response autodiscover_fault(autodiscover_error why) const;

    storage::directory_store& directory_;
    const clock& time_;
    const setup_config config_;
    const document_signer sign_;
};

}  // namespace hauspost::client_setup
