#pragma once

#include "admin/outcome.hpp"
#include "admin/ports.hpp"
#include "base/clock.hpp"
#include "base/worker_pool.hpp"
#include "server/auth/authenticator.hpp"
#include "server/config/config.hpp"
#include "server/passwords.hpp"
#include "storage/lmdb/lmdb_store.hpp"

#include <memory>

namespace hauspost::server {

/// The store with what the admin operations need around it: the half of the server that a command
/// without a running server opens for itself. The caller holds the instance_lock.
///
/// Calling sequence: construct, use, stop() before the io_contexts of the callers go away.
class house {
public:
    /// Throws  storage::fault, std::runtime_error, in words for the operator
    explicit house(const config& c);

    [[nodiscard]] storage::lmdb_store& store() noexcept { return *store_; }
    [[nodiscard]] auth::authenticator& authenticator() noexcept { return authenticator_; }
    [[nodiscard]] worker_pool& workers() noexcept { return workers_; }
    [[nodiscard]] const clock& time() const noexcept { return time_; }

    /// admin::run_command, and {"command": "check"}, which gives {"sound", "findings": [text],
    /// "accounts", "mailboxes", "messages", "blobs", "octets"}, and {"command": "put-back"}
    /// (lmdb_store::tell_put_back). What changes something, or was to, leaves a line in the log.
    awaitable<admin::answer> run(admin::json::object request);

    void stop();

private:
    awaitable<admin::answer> check();
    awaitable<admin::answer> tell_put_back();

    const system_clock time_;
    std::unique_ptr<storage::lmdb_store> store_;
    auth::authenticator authenticator_;
    passwords passwords_;
    admin::ports ports_;
    worker_pool workers_;     // parsing of large messages
    worker_pool background_;  // what takes long: one at a time
};

}  // namespace hauspost::server
