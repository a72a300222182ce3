#pragma once

#include "server/outbound/connector.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_stream.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::test {

/// Servers of other domains, by address: what is said to them, and what they answer. All at once, in
/// memory; what they do not have a rule for they take.
class answering_servers final : public outbound::connector {
public:
    /// What a server answers to a command ("MAIL FROM:<...>"; "." for the end of a message).
    /// std::nullopt: as it does without a rule. "": it closes the connection.
    using rule = std::function<std::optional<std::string>(std::string_view command)>;

    struct server {
        bool is_away = false;  // it refuses connections
        std::string greeting = "220 mx.example\r\n";
        std::string offers = "250-mx.example\r\n250 PIPELINING\r\n";
        bool has_tls = false;
        bool breaks_tls = false;  // each handshake fails
        error_code distrust;      // so does one of a client that verifies, with this
        // By its certificate, to a client that verifies.
        net::authentication proves = net::authentication::pkix;
        rule answers;
        // What came:
        unsigned connections = 0;
        std::vector<std::string> commands;
        std::vector<std::string> messages;
    };

    /// "192.0.2.1"; it is there from the first look on.
    server& at(const std::string& address) { return servers_[address]; }
    /// Their limits go by this time from now on; else by the real one.
    void use(manual_clock& time) { time_ = &time; }
    /// In the order of connecting.
    [[nodiscard]] const std::vector<std::string>& connected() const noexcept { return connected_; }

    awaitable<result<std::unique_ptr<net::stream>>> connect(boost::asio::ip::tcp::endpoint to,
                                                            const net::tls_endpoint& tls) override;

private:
    std::map<std::string, server> servers_;
    std::vector<std::string> connected_;
    manual_clock* time_ = nullptr;
};

}  // namespace hauspost::test
