#pragma once

#include "admin/api/answer.hpp"
#include "base/awaitable.hpp"

#include <boost/asio/local/stream_protocol.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

/// How the command line speaks to the running server: data_dir/control.sock (mode 0600). One
/// connection is one request, a JSON object on one line, and one answer, the same:
///   {"ok": true, "result": {...}}   or   {"ok": false, "error": "text", "code": "no_such_account"}
namespace hauspost::control {

/// The user of the process at the other end; nullopt: the system does not say.
using peer_user = std::optional<std::uint32_t>;

using run_request =
    std::function<awaitable<admin::api::answer>(admin::api::json::object request, peer_user who)>;

[[nodiscard]] std::string to_line(const admin::api::answer& answer);

class control_server {
public:
    /// Binds at once; a socket that a crash left behind is replaced (the caller holds the
    /// instance_lock). Throws std::runtime_error when it cannot be bound.
    ///
    /// executor  of one thread, on which `run` is called; must outlive this object
    control_server(asio::any_io_executor executor,
                   const std::filesystem::path& data_dir,
                   run_request run);
    ~control_server();
    control_server(const control_server&) = delete;
    control_server& operator=(const control_server&) = delete;

    /// Stops accepting and removes the socket. A request that runs is answered only if the executor
    /// still runs when it is done. Thread: executor's.
    void stop();

private:
    struct shared;
    std::shared_ptr<shared> shared_;
};

/// Asks the running server. Blocks.
/// Returns  nullopt when nobody listens
/// Throws   std::runtime_error when the server hangs up or answers nonsense
[[nodiscard]] std::optional<admin::api::answer> ask_server(const std::filesystem::path& data_dir,
                                                           const admin::api::json::object& request);

}  // namespace hauspost::control
