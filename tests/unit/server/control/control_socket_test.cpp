#include "server/control/control_socket.hpp"

#include "admin/api/commands.hpp"
#include "tests/support/tmp_dir.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

using namespace hauspost;
using namespace hauspost::control;

namespace {

/// A control server on a thread of its own that answers {"said": command}, refuses "no", and throws
/// at "fault".
struct served {
    explicit served(std::filesystem::path where) : folder(std::move(where)) {
        server.emplace(io.get_executor(), folder, run);
        thread = std::thread([this] { io.run(); });
    }
    ~served() {
        asio::post(io, [this] { server.reset(); });
        guard.reset();
        io.stop();
        thread.join();
    }
    static awaitable<admin::api::answer> run(admin::api::json::object request, peer_user who) {
        const std::string command(request.at("command").as_string());
        if (command == "no") co_return admin::api::failed("not_so", "not so");
        if (command == "fault") throw std::runtime_error("secret of the server");
        admin::api::json::object done;
        done["said"] = command;
        if (command == "who") done["user"] = who.value();
        co_return done;
    }
    /// What comes back for raw octets, until the server closes.
    [[nodiscard]] std::string raw(const std::string& octets) const {
        asio::io_context mine;
        asio::local::stream_protocol::socket peer(mine);
        peer.connect({(folder / "control.sock").string()});
        boost::system::error_code ignored;
        asio::write(peer, asio::buffer(octets), ignored);
        peer.shutdown(asio::socket_base::shutdown_send, ignored);
        std::string got;
        asio::read(peer, asio::dynamic_buffer(got), ignored);
        return got;
    }

    std::filesystem::path folder;
    asio::io_context io{1};
    asio::executor_work_guard<asio::io_context::executor_type> guard{io.get_executor()};
    std::optional<control_server> server;
    std::thread thread;
};

admin::api::json::object command(const char* name) {
    admin::api::json::object request;
    request["command"] = name;
    return request;
}

}  // namespace

TEST_CASE("control socket: a request gets its result, a refusal its words") {
    const test::tmp_dir folder;
    const served s(folder.path());
    const auto said = ask_server(folder.path(), command("hello"));
    REQUIRE(said.has_value());
    REQUIRE(said->has_value());
    CHECK((*said)->at("said") == "hello");
    const auto refused = ask_server(folder.path(), command("no"));
    REQUIRE(refused.has_value());
    CHECK(refused->error().text == "not so");
    CHECK(refused->error().code == "not_so");
}

TEST_CASE("control socket: a fault of the server is told without its inside, and it lives on") {
    const test::tmp_dir folder;
    const served s(folder.path());
    const auto fault = ask_server(folder.path(), command("fault"));
    REQUIRE(fault.has_value());
    CHECK(fault->error().text.find("secret") == std::string::npos);
    CHECK(ask_server(folder.path(), command("hello"))->has_value());
}

TEST_CASE("control socket: who asks is known by the system, not by what he says") {
    const test::tmp_dir folder;
    const served s(folder.path());
    auto asked = command("who");
    asked["user"] = 12345;
    CHECK((*ask_server(folder.path(), asked))->at("user") == ::geteuid());
}

TEST_CASE("control socket: the socket is for the owner alone") {
    const test::tmp_dir folder;
    const served s(folder.path());
    struct stat seen {};
    REQUIRE(::stat((folder / "control.sock").c_str(), &seen) == 0);
    CHECK((seen.st_mode & 0777) == 0600);
}

TEST_CASE("control socket: nonsense is refused, too much is cut off, the server lives on") {
    const test::tmp_dir folder;
    const served s(folder.path());
    CHECK(s.raw("nonsense\n").find("not a JSON object") != std::string::npos);
    CHECK(s.raw("[]\n").find("\"ok\":false") != std::string::npos);
    CHECK(s.raw("{\"command\":\"hel") == "");
    CHECK(s.raw("") == "");
    const auto frame = std::string("{\"command\":\"\"}\n");
    const auto at_limit = "{\"command\":\"" +
                          std::string(admin::api::max_request_octets - frame.size(), 'x') + "\"}\n";
    CHECK(at_limit.size() == admin::api::max_request_octets);
    CHECK(s.raw(at_limit).find("\"ok\":true") != std::string::npos);
    CHECK(s.raw(std::string(admin::api::max_request_octets, 'x') + "\n") == "");
    CHECK(ask_server(folder.path(), command("hello"))->has_value());
}

TEST_CASE("control socket: nobody listens where no server runs, nor behind a socket left over") {
    const test::tmp_dir folder;
    CHECK(!ask_server(folder.path(), command("hello")).has_value());
    { const served s(folder.path()); }
    CHECK(!ask_server(folder.path(), command("hello")).has_value());
    std::ofstream(folder / "control.sock") << "left over";
    CHECK(!ask_server(folder.path(), command("hello")).has_value());
    const served again(folder.path());
    CHECK(ask_server(folder.path(), command("hello")).has_value());
}

TEST_CASE("control socket: it works below a path longer than a socket address holds") {
    const test::tmp_dir folder;
    const auto deep = folder / std::string(200, 'd');
    std::filesystem::create_directory(deep);
    const served s(deep);
    CHECK(ask_server(deep, command("hello")).has_value());
}
