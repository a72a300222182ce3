#include "server/command_line/run_command.hpp"

#include "admin/api/commands.hpp"
#include "server/app/backend.hpp"
#include "server/app/instance_lock.hpp"
#include "server/command_line/all_pages.hpp"
#include "server/control/control_socket.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <unistd.h>

#include <chrono>
#include <exception>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

namespace hauspost::command_line {

using namespace server;

namespace {

using namespace std::chrono_literals;

/// Runs a request on a store that this process has opened.
/// io  outlives the backend: its threads may still be inside the post() that ended the request
admin::api::answer run_here(asio::io_context& io,
                            backend& at,
                            const admin::api::json::object& request) {
    std::optional<admin::api::answer> got;
    std::exception_ptr fault;
    auto copy = request;
    admin::caller who;
    who.from = "uid " + std::to_string(::getuid());
    asio::co_spawn(io, at.run(std::move(copy), std::move(who)),
                   [&](std::exception_ptr what, admin::api::answer answer) {
                       fault = what;
                       got.emplace(std::move(answer));
                   });
    io.restart();
    io.run();
    if (fault) std::rethrow_exception(fault);
    return std::move(*got);
}

bool makes_store(const admin::api::json::object& request) {
    const auto* command =
        admin::api::find_command(std::string_view(request.at("command").as_string()));
    return command != nullptr && command->makes_store;
}

}  // namespace

admin::api::answer run_store_command(const loaded_config& file,
                                     const admin::api::json::object& request) {
    const std::filesystem::path data_dir = file.values.data_dir;
    std::error_code failed;
    if (!makes_store(request) && std::filesystem::status(data_dir / "meta", failed).type() ==
                                     std::filesystem::file_type::not_found)
        return admin::api::failed(
            "no_store", "There is no store in " + data_dir.string() +
                            ". Look at data_dir in the configuration, or begin with `domain add`.");
    const auto give_up_at = std::chrono::steady_clock::now() + 10s;
    for (;;) {
        if (const auto lock = instance_lock::try_take(data_dir)) {
            asio::io_context io(1);
            backend here(file);
            const auto ask = [&](const auto& one) { return run_here(io, here, one); };
            auto answer = with_all_pages(ask(request), ask, request);
            here.stop();
            return answer;
        }
        if (auto first = control::ask_server(data_dir, request)) {
            const auto ask = [&data_dir](const admin::api::json::object& one) {
                auto answer = control::ask_server(data_dir, one);
                if (!answer) throw std::runtime_error("the running server has just stopped");
                return std::move(*answer);
            };
            return with_all_pages(std::move(*first), ask, request);
        }
        // A server that is starting or stopping, or another command.
        if (std::chrono::steady_clock::now() > give_up_at)
            throw std::runtime_error((data_dir / "server.lock").string() +
                                     " is held by another process that does not answer; is a "
                                     "server starting, or another command running?");
        std::this_thread::sleep_for(50ms);
    }
}

}  // namespace hauspost::command_line
