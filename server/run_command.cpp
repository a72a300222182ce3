#include "server/run_command.hpp"

#include "server/control_socket.hpp"
#include "server/house.hpp"
#include "server/instance_lock.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>

#include <chrono>
#include <exception>
#include <filesystem>
#include <functional>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

namespace hauspost::server {
namespace {

using namespace std::chrono_literals;
using ask_function = std::function<admin::answer(const admin::json::object& request)>;

/// Runs a request on a store that this process has opened.
/// io  outlives the house: its threads may still be inside the post() that ended the request
admin::answer run_here(asio::io_context& io, house& at, const admin::json::object& request) {
    std::optional<admin::answer> got;
    std::exception_ptr fault;
    auto copy = request;
    asio::co_spawn(io, at.run(std::move(copy)), [&](std::exception_ptr what, admin::answer answer) {
        fault = what;
        got.emplace(std::move(answer));
    });
    io.restart();
    io.run();
    if (fault) std::rethrow_exception(fault);
    return std::move(*got);
}

/// The list that a page of an answer holds, or null.
admin::json::array* list_of(admin::json::object& answer) {
    for (auto& [key, value] : answer)
        if (value.is_array()) return &value.get_array();
    return nullptr;
}

/// Asks for page after page and joins them.
admin::answer ask_all_pages(const ask_function& ask, admin::json::object request) {
    auto whole = ask(request);
    while (whole && whole->contains("next")) {
        request["after"] = whole->at("next");
        auto page = ask(request);
        if (!page) return page;
        auto* more = list_of(*page);
        auto* list = list_of(*whole);
        if (more == nullptr || list == nullptr)
            throw std::runtime_error("the list has a next page that is not a list");
        list->insert(list->end(), std::make_move_iterator(more->begin()),
                     std::make_move_iterator(more->end()));
        whole->erase("next");
        if (page->contains("next")) (*whole)["next"] = page->at("next");
    }
    return whole;
}

}  // namespace

bool makes_store(const std::string& command) {
    return command == "domain add";
}

admin::answer run_store_command(const config& c, const admin::json::object& request) {
    const std::filesystem::path data_dir = c.data_dir;
    std::error_code failed;
    if (!makes_store(std::string(request.at("command").as_string())) &&
        std::filesystem::status(data_dir / "meta", failed).type() ==
            std::filesystem::file_type::not_found)
        return admin::refuse(
            "There is no store in " + data_dir.string() +
            ". Look at data_dir in the configuration, or begin with `domain add`.");
    const auto give_up_at = std::chrono::steady_clock::now() + 10s;
    for (;;) {
        if (const auto lock = instance_lock::try_take(data_dir)) {
            asio::io_context io(1);
            house here(c);
            const auto ask = [&](const auto& one) { return run_here(io, here, one); };
            auto answer = ask_all_pages(ask, request);
            here.stop();
            return answer;
        }
        if (ask_server(data_dir, admin::json::object{{"command", "hello"}})) {
            const auto ask = [&data_dir](const admin::json::object& one) -> admin::answer {
                auto answer = ask_server(data_dir, one);
                if (!answer) throw std::runtime_error("the running server has just stopped");
                return std::move(*answer);
            };
            return ask_all_pages(ask, request);
        }
        // A server that is starting or stopping, or another command.
        if (std::chrono::steady_clock::now() > give_up_at)
            throw std::runtime_error((data_dir / "server.lock").string() +
                                     " is held by another process that does not answer; is a "
                                     "server starting, or another command running?");
        std::this_thread::sleep_for(50ms);
    }
}

}  // namespace hauspost::server
