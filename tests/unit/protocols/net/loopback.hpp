#pragma once

#include "certs/self_signed.hpp"
#include "certs/server_context.hpp"
#include "protocols/net/socket_stream.hpp"
#include "protocols/net/tls_server.hpp"
#include "tests/support/run.hpp"
#include "tests/support/tmp_dir.hpp"
#include "tests/unit/protocols/net/blocking_client.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>

#include <future>
#include <memory>
#include <utility>

namespace hauspost::test {

/// A stream on a real loopback connection with a blocking client at its other end.
struct loopback {
    explicit loopback(const net::tls_server* tls = nullptr)
        : acceptor(loop.io(), {asio::ip::make_address("127.0.0.1"), 0}),
          client(acceptor.local_endpoint().port()) {
        net::peer_info who;
        who.address = "127.0.0.1";
        stream = std::make_unique<net::socket_stream>(loop, acceptor.accept(), who, tls);
    }

    void run(awaitable<void> task) { test::run(loop.io(), std::move(task)); }

    /// Runs the stream's coroutine here and the client's part in a thread beside it.
    template <class Client>
    void run_with(awaitable<void> task, Client part) {
        auto beside = std::async(std::launch::async, [&part, this] { part(client); });
        run(std::move(task));
        beside.get();
    }

    net::io_loop loop;
    asio::basic_socket_acceptor<asio::ip::tcp, asio::io_context::executor_type> acceptor;
    blocking_client client;
    std::unique_ptr<net::socket_stream> stream;
};

/// A service with a self-signed certificate, made once for all tests.
inline const net::tls_server& test_tls() {
    struct service {
        tmp_dir dir;
        system_clock now;
        certs::cert_store store{{certs::ensure_self_signed(dir / "tls", "mail.example.test", now)},
                                now};
        certs::server_context context{store, "imap", {"imap"}};
        net::tls_server tls{context.native()};
    };
    static const service made;
    return made.tls;
}

}  // namespace hauspost::test
