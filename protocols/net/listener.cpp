#include "protocols/net/listener.hpp"

#include "base/log.hpp"
#include "base/suspension.hpp"
#include "protocols/net/by_value.hpp"
#include "protocols/net/socket_stream.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/intrusive/list.hpp>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

namespace hauspost::net {
namespace {

using namespace std::chrono_literals;
namespace intrusive = boost::intrusive;
using socket_type = socket_stream::socket_type;

constexpr auto first_pause = 50ms;     // docs/threats.md H02
constexpr auto longest_pause = 500ms;  // docs/threats.md H02
constexpr auto closing_limit = 10s;    // for sessions to end once their stream has been closed
constexpr auto refusal_log_gap = 1s;   // a flood of refusals must not become a flood of lines (H05)

struct list_hook
    : intrusive::list_base_hook<intrusive::link_mode<intrusive::link_mode_type::auto_unlink>> {};

const char* name_of(connection_gate::verdict verdict) {
    switch (verdict) {
    case connection_gate::verdict::admitted: return "admitted";
    case connection_gate::verdict::too_many: return "too_many";
    case connection_gate::verdict::too_many_from_address: return "too_many_from_address";
    case connection_gate::verdict::too_fast: return "too_fast";
    }
    return "";
}

void log_fault(const std::string& name, connection_id id, const std::exception_ptr& fault) {
    try {
        std::rethrow_exception(fault);
    } catch (const std::exception& what) {
        log::error("fault cid={} proto={} what={}", id.value(), name, log_safe(what.what(), 400));
    } catch (...) {
        log::error("fault cid={} proto={} what=unknown", id.value(), name);
    }
}

}  // namespace

/// What the listener and its connections have in common.
struct listener::shared {
    class slot;
    struct connection;
    using connection_list = intrusive::
        list<connection, intrusive::base_hook<list_hook>, intrusive::constant_time_size<false>>;

    shared(io_threads& all, connection_gate& limits, listener_settings how, serve_function what)
        : threads(all),
          gate(limits),
          settings(std::move(how)),
          serve(std::move(what)),
          connections(all.size()) {}

    void connection_ended() noexcept;
    void log_refusal(const asio::ip::address& from, connection_gate::verdict verdict);

    static void begin(const std::shared_ptr<shared>& self, std::size_t loop, socket_type socket);
    static awaitable<void> accept_all(std::shared_ptr<shared> self, std::shared_ptr<door> acceptor);
    static awaitable<void> shut(std::shared_ptr<door> acceptor);
    static awaitable<void> run(std::unique_ptr<connection> one);
    static awaitable<bool> wait_until_empty(std::shared_ptr<shared> self,
                                            std::chrono::steady_clock::duration limit);
    template <class Action>
    static void on_all(const std::shared_ptr<shared>& self, Action action);

    io_threads& threads;
    connection_gate& gate;
    const listener_settings settings;
    const serve_function serve;
    std::size_t next_loop = 0;                 // loop 0
    steady_time last_refusal_logged;           // loop 0
    std::size_t refusals_since = 0;            // loop 0
    std::vector<connection_list> connections;  // one per loop, its thread only
    std::atomic<bool> stopping{false};
    std::atomic<std::size_t> pauses{0};
    mutable std::mutex mutex;
    std::size_t open = 0;                         // mutex
    std::shared_ptr<asio::steady_timer> waiting;  // mutex; of wait_until_empty
};

/// A place that the gate has given; goes back with it.
class listener::shared::slot {
public:
    slot(std::shared_ptr<shared> owner, const asio::ip::address& from)
        : self_(std::move(owner)), from_(from) {
        const std::lock_guard lock(self_->mutex);
        ++self_->open;
    }
    slot(slot&&) = default;
    slot& operator=(slot&&) = delete;
    ~slot() {
        if (!self_) return;
        self_->gate.release(from_);
        self_->connection_ended();
    }
    [[nodiscard]] const std::shared_ptr<shared>& owner() const noexcept { return self_; }

private:
    std::shared_ptr<shared> self_;
    asio::ip::address from_;
};

struct listener::shared::connection : list_hook {
    connection(slot admitted, std::size_t which, socket_type socket, peer_info who)
        : place(std::move(admitted)),
          loop(which),
          peer(place.owner()->threads.loop(which),
               std::move(socket),
               std::move(who),
               place.owner()->settings.tls) {}

    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    // Out of the list first: once the place is given back the listener may go.
    ~connection() { unlink(); }

    slot place;  // before the stream: given back when the socket is closed
    std::size_t loop;
    socket_stream peer;
};

void listener::shared::connection_ended() noexcept {
    const std::lock_guard lock(mutex);
    if (--open != 0 || !waiting) return;
    auto wake = [timer = waiting] { timer->cancel(); };
    asio::post(waiting->get_executor(), std::move(wake));
}

/// At most one line a second, with the number of refusals that it stands for.
void listener::shared::log_refusal(const asio::ip::address& from,
                                   connection_gate::verdict verdict) {
    ++refusals_since;
    const auto now = std::chrono::steady_clock::now();
    if (now - last_refusal_logged < refusal_log_gap) return;
    log::info("refuse proto={} peer={} reason={} count={}", settings.name, from.to_string(),
              name_of(verdict), refusals_since);
    last_refusal_logged = now;
    refusals_since = 0;
}

/// Asks the gate and starts the session. Nothing is thrown: accepting must go on (H03).
void listener::shared::begin(const std::shared_ptr<shared>& self,
                             std::size_t loop,
                             socket_type socket) try {
    error_code gone;
    const auto remote = socket.remote_endpoint(gone);
    const auto local = gone ? endpoint() : socket.local_endpoint(gone);
    if (gone) return;
    const auto verdict = self->gate.admit(remote.address(), std::chrono::steady_clock::now());
    if (verdict != connection_gate::verdict::admitted) {
        self->log_refusal(remote.address(), verdict);
        const auto& text = self->settings.refusal;
        if (!self->settings.implicit_tls && !text.empty())
            ::send(socket.native_handle(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        return;
    }
    slot admitted(self, remote.address());
    peer_info who;
    who.address = remote.address().to_string();
    who.port = remote.port();
    who.local_port = local.port();
    who.is_loopback = remote.address().is_loopback();
    who.id = next_connection_id();
    auto one = std::make_unique<connection>(std::move(admitted), loop, std::move(socket), who);
    auto at_end = [name = self->settings.name, id = who.id](std::exception_ptr fault) {
        if (fault) log_fault(name, id, fault);
    };
    asio::co_spawn(self->threads.loop(loop).io(), run(std::move(one)), std::move(at_end));
} catch (const std::exception& fault) {
    log::error("fault proto={} where=accept what={}", self->settings.name,
               log_safe(fault.what(), 400));
}

awaitable<void> listener::shared::run(std::unique_ptr<connection> one) {
    const shared& self = *one->place.owner();
    one->place.owner()->connections[one->loop].push_back(*one);
    if (self.stopping) one->peer.wake();
    if (self.settings.implicit_tls) {
        const auto ec = co_await one->peer.start_tls(self.settings.handshake_timeout);
        if (ec) {
            log::info("refuse cid={} proto={} peer={} reason=tls_handshake what={}",
                      one->peer.peer().id.value(), self.settings.name, one->peer.peer().address,
                      log_safe(ec.message()));
            co_return;
        }
    }
    auto session = self.serve(one->peer);
    co_await std::move(session);
    one->peer.close();
}

awaitable<void> listener::shared::accept_all(std::shared_ptr<shared> self,
                                             std::shared_ptr<door> acceptor) {
    asio::steady_timer timer(acceptor->get_executor());
    std::chrono::milliseconds pause = first_pause;
    while (acceptor->is_open()) {
        const auto loop = self->next_loop++ % self->threads.size();
        auto [ec, socket] =
            co_await acceptor->async_accept(self->threads.loop(loop).io(), by_value);
        if (!acceptor->is_open()) break;  // also one that was accepted just before
        if (!ec) {
            begin(self, loop, std::move(socket));
            pause = first_pause;
            continue;
        }
        if (ec == asio::error::connection_aborted) continue;  // the peer was faster
        // No descriptors, no memory: the connection stays in the queue, so at once is too soon.
        if (pause == first_pause)
            log::warn("pause proto={} where=accept what={}", self->settings.name,
                      log_safe(ec.message()));
        ++self->pauses;
        timer.expires_after(pause);
        co_await timer.async_wait(by_value);
        pause = std::min<std::chrono::milliseconds>(pause * 2, longest_pause);
    }
}

/// Closed on loop 0, where connections are accepted: none begins once it has returned.
awaitable<void> listener::shared::shut(std::shared_ptr<door> acceptor) {
    suspension closed;
    auto close = [&closed, acceptor] {
        error_code ignored;
        acceptor->close(ignored);
        closed.post();
    };
    const auto start = [&] { asio::post(acceptor->get_executor(), std::move(close)); };
    co_await suspend(closed, start);
}

/// Runs action(stream) for every open connection, each on its thread.
template <class Action>
void listener::shared::on_all(const std::shared_ptr<shared>& self, Action action) {
    for (std::size_t i = 0; i < self->connections.size(); ++i) {
        auto all = [self, i, action] {
            for (auto& one : self->connections[i])
                action(one.peer);
        };
        asio::post(self->threads.loop(i).io(), std::move(all));
    }
}

awaitable<bool> listener::shared::wait_until_empty(std::shared_ptr<shared> self,
                                                   std::chrono::steady_clock::duration limit) {
    const auto executor = co_await asio::this_coro::executor;
    const auto timer = std::make_shared<asio::steady_timer>(executor, limit);
    {
        const std::lock_guard lock(self->mutex);
        if (self->open == 0) co_return true;
        self->waiting = timer;
    }
    co_await timer->async_wait(by_value);
    const std::lock_guard lock(self->mutex);
    self->waiting.reset();
    co_return self->open == 0;
}

listener::listener(io_threads& threads,
                   connection_gate& gate,
                   const endpoint& at,
                   listener_settings settings,
                   serve_function serve)
    : listener(threads, gate, bound_socket(at, settings.name), settings, std::move(serve)) {}

listener::listener(io_threads& threads,
                   connection_gate& gate,
                   bound_socket at,
                   listener_settings settings,
                   serve_function serve)
    : shared_(std::make_shared<shared>(threads, gate, std::move(settings), std::move(serve))),
      door_(std::make_shared<door>(threads.loop(0).io())) {
    try {
        door_->assign(at.at().protocol(), at.release());
        door_->listen();
    } catch (const boost::system::system_error& fault) {
        throw std::runtime_error("cannot listen on " + at.at().address().to_string() + " port " +
                                 std::to_string(at.at().port()) + " for " + shared_->settings.name +
                                 ": " + fault.code().message());
    }
}

listener::~listener() = default;

void listener::start() {
    auto at_end = [name = shared_->settings.name](std::exception_ptr fault) {
        if (fault) log_fault(name, connection_id(), fault);
    };
    asio::co_spawn(shared_->threads.loop(0).io(), shared::accept_all(shared_, door_),
                   std::move(at_end));
}

awaitable<void> listener::stop(std::chrono::steady_clock::duration limit) {
    const auto self = shared_;
    self->stopping = true;
    auto shutting = shared::shut(door_);
    co_await std::move(shutting);
    shared::on_all(self, [](socket_stream& peer) { peer.wake(); });
    if (co_await shared::wait_until_empty(self, limit)) co_return;
    shared::on_all(self, [](socket_stream& peer) { peer.close(); });
    if (co_await shared::wait_until_empty(self, closing_limit)) co_return;
    log::warn("stop proto={} left={}", self->settings.name, open_connections());
}

listener::endpoint listener::local_endpoint() const {
    return door_->local_endpoint();
}

std::size_t listener::open_connections() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->open;
}

std::size_t listener::pauses() const noexcept {
    return shared_->pauses;
}

}  // namespace hauspost::net
