#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace hauspost::test {

/// What a resolver asked, as far as a script needs it.
struct dns_query {
    std::uint16_t id = 0;
    std::string name;  // lower case, without the dot at its end
    std::uint16_t type = 0;
    std::string question;  // that section, as it came
    bool is_tcp = false;
};

/// A resource record; of `name`, RFC 1035 4.1.3.
[[nodiscard]] std::string dns_record(std::string_view name,
                                     std::uint16_t type,
                                     std::string_view rdata,
                                     std::uint32_t ttl = 3600);

/// An answer of a resolver (QR, RD, RA) to a query, RFC 1035 4.1.1.
struct dns_reply {
    std::vector<std::string> answers;  // dns_record
    std::uint16_t rcode = 0;
    bool is_truncated = false;
    [[nodiscard]] std::string to(const dns_query& query) const;
};

/// A DNS server on a free port of 127.0.0.1, by UDP and TCP, that says what a script says.
class scripted_dns {
public:
    /// Messages to send back, in this order: none, one or several. Thread: the server's.
    using script = std::function<std::vector<std::string>(const dns_query&)>;

    explicit scripted_dns(script says);
    ~scripted_dns();
    scripted_dns(const scripted_dns&) = delete;
    scripted_dns& operator=(const scripted_dns&) = delete;

    /// As unbound_settings::forwarders has it.
    [[nodiscard]] std::string address() const;
    [[nodiscard]] int queries() const noexcept { return queries_; }

private:
    struct connection;

    void bind_both();
    void read_datagram();
    void accept();
    [[nodiscard]] std::vector<std::string> replies(std::string_view message, bool is_tcp);

    script says_;
    std::atomic<int> queries_ = 0;
    boost::asio::io_context io_{1};
    boost::asio::ip::udp::socket udp_{io_};
    boost::asio::ip::tcp::acceptor tcp_{io_};
    boost::asio::ip::udp::endpoint peer_;
    std::array<char, 4096> datagram_{};
    std::thread thread_;
};

}  // namespace hauspost::test
