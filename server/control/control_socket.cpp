#include "server/control/control_socket.hpp"

#include "admin/api/commands.hpp"
#include "base/log.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/serialize.hpp>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace hauspost::control {
namespace {

using namespace asio::experimental::awaitable_operators;
using asio::local::stream_protocol;
constexpr auto by_value = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds request_timeout{10};
constexpr std::size_t max_connections = 32;

/// A name for data_dir/control.sock that fits the 108 octets of a socket address, however long the
/// path of the folder is: through a descriptor of the folder, as long as this object lives.
class socket_path {
public:
    explicit socket_path(const std::filesystem::path& data_dir)
        : folder_(::open(data_dir.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)),
          text_("/proc/self/fd/" + std::to_string(folder_) + "/control.sock") {}
    ~socket_path() {
        if (folder_ >= 0) ::close(folder_);
    }
    socket_path(const socket_path&) = delete;
    socket_path& operator=(const socket_path&) = delete;
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    int folder_;
    std::string text_;
};

/// unix(7), SO_PEERCRED: as it was when the peer connected.
peer_user user_of(stream_protocol::socket& peer) {
    ucred found{};
    socklen_t octets = sizeof(found);
    if (::getsockopt(peer.native_handle(), SOL_SOCKET, SO_PEERCRED, &found, &octets) != 0 ||
        octets != sizeof(found))
        return std::nullopt;
    return found.uid;
}

admin::api::answer from_line(const std::string& line) {
    const auto reply = admin::api::parse_object(line);
    if (!reply) throw std::runtime_error("the answer of the running server is not valid JSON");
    const auto* result = reply->if_contains("result");
    if (result != nullptr && result->is_object()) return result->get_object();
    const auto* error = reply->if_contains("error");
    const auto* code = reply->if_contains("code");
    if (error != nullptr && error->is_string() && code != nullptr && code->is_string())
        return admin::api::failed(std::string(code->get_string()),
                                  std::string(error->get_string()));
    throw std::runtime_error("the running server sent neither a result nor an error");
}

}  // namespace

std::string to_line(const admin::api::answer& answer) {
    admin::api::json::object reply;
    reply["ok"] = answer.has_value();
    if (answer) reply["result"] = *answer;
    if (!answer) reply["error"] = answer.error().text;
    if (!answer) reply["code"] = answer.error().code;
    return admin::api::json::serialize(reply) + "\n";
}

struct control_server::shared : std::enable_shared_from_this<shared> {
    shared(asio::any_io_executor where, std::filesystem::path folder, run_request what)
        : data_dir(std::move(folder)), run(std::move(what)), acceptor(where) {}

    void bind();
    awaitable<void> accept();
    awaitable<void> serve(stream_protocol::socket peer);
    awaitable<std::string> answer(std::string line, peer_user who);

    const std::filesystem::path data_dir;
    const run_request run;
    asio::basic_socket_acceptor<stream_protocol> acceptor;
    std::size_t connections = 0;
};

void control_server::shared::bind() {
    const socket_path path(data_dir);
    ::unlink(path.text().c_str());
    // Nobody may connect before the mode is set: umask applies to bind(2).
    const auto before = ::umask(0177);
    boost::system::error_code failed;
    acceptor.open(stream_protocol(), failed);
    if (!failed) acceptor.bind(stream_protocol::endpoint(path.text()), failed);
    ::umask(before);
    if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
    if (failed)
        throw std::runtime_error((data_dir / "control.sock").string() + " cannot be made: " +
                                 failed.message() + "; check that data_dir is on a local disk");
}

awaitable<void> control_server::shared::accept() {
    const auto keep = shared_from_this();
    for (;;) {
        auto [failed, peer] = co_await acceptor.async_accept(by_value);
        if (failed == asio::error::operation_aborted || !acceptor.is_open()) co_return;
        if (failed) {
            log::warn("control_accept what={}", log_safe(failed.message()));
            asio::steady_timer pause(acceptor.get_executor(), std::chrono::milliseconds(100));
            co_await pause.async_wait(by_value);
            continue;
        }
        if (connections >= max_connections) continue;  // closes it
        auto session = serve(std::move(peer));
        asio::co_spawn(acceptor.get_executor(), std::move(session), [](std::exception_ptr fault) {
            if (fault) log::error("fault proto=control");
        });
    }
}

awaitable<void> control_server::shared::serve(stream_protocol::socket peer) {
    const auto keep = shared_from_this();
    ++connections;
    std::string octets;
    asio::steady_timer timer(peer.get_executor(), request_timeout);
    auto buffer = asio::dynamic_buffer(octets, admin::api::max_request_octets);
    auto read = co_await (asio::async_read_until(peer, buffer, '\n', by_value) ||
                          timer.async_wait(by_value));
    if (read.index() == 0) {
        const auto [failed, length] = std::get<0>(read);
        if (!failed) {
            auto line = octets.substr(0, length);
            auto work = answer(std::move(line), user_of(peer));
            const auto reply = co_await std::move(work);
            co_await asio::async_write(peer, asio::buffer(reply), by_value);
        }
    }
    --connections;
}

awaitable<std::string> control_server::shared::answer(std::string line, peer_user who) {
    auto request = admin::api::parse_request(line);
    if (!request) co_return to_line(request.error());
    try {
        auto operation = run(std::move(*request), who);
        const auto done = co_await std::move(operation);
        co_return to_line(done);
    } catch (const std::exception& fault) {
        log::error("fault proto=control what={}", log_safe(fault.what(), 400));
    }
    co_return to_line(admin::api::failed(
        "internal_error",
        "The server could not do this because of an internal error; its log says more."));
}

control_server::control_server(asio::any_io_executor executor,
                               const std::filesystem::path& data_dir,
                               run_request run)
    : shared_(std::make_shared<shared>(executor, data_dir, std::move(run))) {
    shared_->bind();
    asio::co_spawn(executor, shared_->accept(), [](std::exception_ptr fault) {
        if (fault) log::error("fault proto=control what=accept");
    });
}

control_server::~control_server() {
    stop();
}

void control_server::stop() {
    if (!shared_->acceptor.is_open()) return;
    boost::system::error_code ignored;  // closing cannot be mended
    shared_->acceptor.close(ignored);
    ::unlink((shared_->data_dir / "control.sock").c_str());
}

std::optional<admin::api::answer> ask_server(const std::filesystem::path& data_dir,
                                             const admin::api::json::object& request) {
    const socket_path path(data_dir);
    asio::io_context io(1);
    stream_protocol::socket server(io);
    boost::system::error_code failed;
    server.connect(stream_protocol::endpoint(path.text()), failed);
    if (failed) return std::nullopt;
    const auto line = admin::api::json::serialize(request) + "\n";
    if (line.size() > admin::api::max_request_octets)
        return admin::api::failed("request_too_long", "The request is too long.");
    asio::write(server, asio::buffer(line), failed);
    std::string reply;
    if (!failed)
        asio::read_until(server, asio::dynamic_buffer(reply, admin::api::max_answer_octets), '\n',
                         failed);
    if (failed) throw std::runtime_error("the running server does not answer: " + failed.message());
    return from_line(reply.substr(0, reply.find('\n')));
}

}  // namespace hauspost::control
