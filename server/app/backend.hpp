#pragma once

#include "admin/api/answer.hpp"
#include "admin/caller.hpp"
#include "admin/owner.hpp"
#include "admin/ports.hpp"
#include "admin/upkeep.hpp"
#include "base/clock.hpp"
#include "base/monotonic_clock.hpp"
#include "base/worker_pool.hpp"
#include "certs/certificate.hpp"
#include "server/app/ban_gate.hpp"
#include "server/app/certificate_view.hpp"
#include "server/app/local_routes.hpp"
#include "server/app/page_door.hpp"
#include "server/app/passwords.hpp"
#include "server/app/setting_book.hpp"
#include "server/app/signing_keys.hpp"
#include "server/auth/authenticator.hpp"
#include "server/auth/ban_book.hpp"
#include "server/auth/owner_login.hpp"
#include "server/config/config.hpp"
#include "server/outbound/domain_keys.hpp"
#include "server/summaries/stored_headings.hpp"
#include "storage/ports.hpp"

#include <filesystem>
#include <memory>
#include <optional>

namespace hauspost::server {

/// The store with what the use cases of admin/ need around it: the half of the server that a
/// command without a running server opens for itself. The caller holds the instance_lock.
///
/// Calling sequence: construct, use, stop() before the io_contexts of the callers go away.
class backend final : private admin::upkeep {
public:
    /// Throws  storage::fault, std::runtime_error, in words for the operator
    /// file  without faults
    explicit backend(const loaded_config& file);

    /// The configuration file with what the owner has set.
    [[nodiscard]] setting_book& settings() noexcept { return book_; }
    /// What of it is here comes into force. Thread: that of run().
    void put_in_force(const config& c);
    /// For the use cases, from now on.
    [[nodiscard]] certificate_view& certificates() noexcept { return certificate_; }

    [[nodiscard]] const storage::ports& store() const noexcept { return *store_; }
    [[nodiscard]] auth::authenticator& authenticator() noexcept { return authenticator_; }
    [[nodiscard]] outbound::domain_keys& keys() noexcept { return keys_; }
    [[nodiscard]] worker_pool& workers() noexcept { return workers_; }
    [[nodiscard]] const clock& time() const noexcept { return time_; }
    [[nodiscard]] const monotonic_clock& monotonic() const noexcept { return monotonic_; }

    /// admin::api::run. What changes something, or was to, leaves a line in the log.
    /// opened  as there
    awaitable<admin::api::answer> run(admin::api::json::object request,
                                      admin::caller who,
                                      std::optional<admin::opened_session>* opened = nullptr);

    /// For use cases that are no commands (admin/owner.hpp).
    [[nodiscard]] admin::ports& admin_ports() noexcept { return ports_; }

    /// The link by which the owner begins, where there is no owner yet and no link waits to be used.
    awaitable<std::optional<admin::made_setup_link>> first_setup_link();

    /// Asks the DNS for the records of all domains (admin/dns_watch.hpp).
    awaitable<void> check_domains();

    /// Whoever was shut out before stays so. Before the first sign-in.
    awaitable<void> take_up_bans();

    /// What a running server sees of others; must outlive the runs. Before the first.
    void show(admin::outside& others) noexcept { ports_.others = &others; }
    void show(admin::text_index& index) noexcept { ports_.index = &index; }
    /// How mail goes once more; as above.
    void show(admin::resending& again) noexcept { ports_.again = &again; }

    void stop();

private:
    backend(const loaded_config& file, const config& c);

    awaitable<std::optional<storage::check_report>> check() override;
    awaitable<bool> tell_put_back() override;
    awaitable<std::optional<admin::machine_figures>> look() override;

    const system_clock time_;
    const system_monotonic_clock monotonic_;
    std::shared_ptr<const storage::ports> store_;
    setting_book book_;
    auth::ban_book bans_;
    auth::authenticator authenticator_;
    passwords passwords_;
    auth::owner_login owner_login_;
    page_door door_;
    ban_gate gate_;
    worker_pool workers_;  // parsing of large messages, making and using keys
    outbound::domain_keys keys_;
    signing_keys signing_keys_;
    local_routes routes_;
    const certs::certificate_files certificate_files_;
    certificate_view certificate_;
    const stored_headings headings_;
    admin::ports ports_;
    const std::filesystem::path data_dir_;
    worker_pool background_;  // what takes long: one at a time
};

}  // namespace hauspost::server
