#pragma once

#include "base/clock.hpp"
#include "base/monotonic_clock.hpp"
#include "base/worker_pool.hpp"
#include "protocols/sasl/credentials.hpp"
#include "storage/blob_store.hpp"
#include "storage/mailbox_store.hpp"
#include "storage/search_index.hpp"
#include "storage/sharing_store.hpp"
#include "storage/view/account_index.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace hauspost::jmap {

/// What JMAP needs of the server. All outlive it.
struct session_ports {
    storage::mailbox_store& mail;
    storage::blob_store& blobs;
    storage::sharing_store& sharing;
    sasl::credentials& login;
    worker_pool& workers;
    const monotonic_clock& time;
    storage::view::account_index& pictures;
    storage::search_index* index;  // null: there is none
};

struct door_settings {
    std::string hostname;  // of who asks without a name
    std::uint64_t max_upload_octets = 50 * 1024 * 1024;
    std::chrono::milliseconds login_delay{2'000};      // of each refusal
    std::chrono::milliseconds search_timeout{20'000};  // of one query
};

}  // namespace hauspost::jmap
