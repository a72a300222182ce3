#include "tests/session/dns/scripted_dns.hpp"

#include "base/ascii.hpp"
#include "base/awaitable.hpp"
#include "base/octets.hpp"
#include "base/result.hpp"
#include "tests/support/fake_resolver.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <optional>
#include <stdexcept>
#include <utility>

namespace hauspost::test {
namespace {

constexpr std::size_t header_octets = 12;

/// Takes a question's name off, whatever stands in its labels.
std::optional<std::string> take_name(std::string_view& rest) {
    std::string name;
    while (!rest.empty()) {
        const std::size_t length = static_cast<unsigned char>(rest.front());
        rest.remove_prefix(1);
        if (length == 0) return ascii::lowered(name);
        if (length > rest.size()) break;
        if (!name.empty()) name += '.';
        name += rest.substr(0, length);
        rest.remove_prefix(length);
    }
    return std::nullopt;
}

std::optional<dns_query> parse_query(std::string_view message, bool is_tcp) {
    if (message.size() < header_octets) return std::nullopt;
    dns_query query;
    query.id = load_be<std::uint16_t>(message.data());
    auto rest = message.substr(header_octets);
    auto name = take_name(rest);
    if (!name || rest.size() < 4) return std::nullopt;
    query.name = std::move(*name);
    query.type = load_be<std::uint16_t>(rest.data());
    query.question =
        message.substr(header_octets, message.size() - header_octets - rest.size() + 4);
    query.is_tcp = is_tcp;
    return query;
}

}  // namespace

std::string dns_record(std::string_view name,
                       std::uint16_t type,
                       std::string_view rdata,
                       std::uint32_t ttl) {
    auto record = wire_name(name);
    append_be(record, type);
    append_be(record, std::uint16_t{1});
    append_be(record, ttl);
    append_be(record, static_cast<std::uint16_t>(rdata.size()));
    return record.append(rdata);
}

std::string dns_reply::to(const dns_query& query) const {
    constexpr std::uint16_t response = 0x8180;  // QR RD RA
    constexpr std::uint16_t truncated = 0x0200;
    const unsigned flags = response | rcode | (is_truncated ? truncated : 0u);
    std::string message;
    append_be(message, query.id);
    append_be(message, static_cast<std::uint16_t>(flags));
    append_be(message, std::uint16_t{1});
    append_be(message, static_cast<std::uint16_t>(answers.size()));
    append_be(message, std::uint32_t{0});  // neither authority nor additional records
    message += query.question;
    for (const auto& record : answers)
        message += record;
    return message;
}

/// One client by TCP: length, message (RFC 1035 4.2.2).
struct scripted_dns::connection : std::enable_shared_from_this<connection> {
    connection(scripted_dns& of, asio::ip::tcp::socket from) : server(of), peer(std::move(from)) {}

    void read_length() {
        asio::async_read(peer, asio::buffer(length),
                         [self = shared_from_this()](error_code ec, std::size_t) {
                             if (!ec) self->read_message();
                         });
    }
    void read_message() {
        message.resize(load_be<std::uint16_t>(length.data()));
        asio::async_read(peer, asio::buffer(message),
                         [self = shared_from_this()](error_code ec, std::size_t) {
                             if (ec) return;
                             self->answer();
                             self->read_length();
                         });
    }
    void answer() {
        for (const auto& reply : server.replies(message, true)) {
            std::string framed;
            append_be(framed, static_cast<std::uint16_t>(reply.size()));
            error_code ignored;  // the client may have gone
            asio::write(peer, asio::buffer(framed + reply), ignored);
        }
    }

    scripted_dns& server;
    asio::ip::tcp::socket peer;
    std::array<char, 2> length{};
    std::string message;
};

scripted_dns::scripted_dns(script says) : says_(std::move(says)) {
    bind_both();
    read_datagram();
    accept();
    thread_ = std::thread([this] { io_.run(); });
}

scripted_dns::~scripted_dns() {
    io_.stop();
    thread_.join();
}

/// The port that is free for one of them may be taken for the other.
void scripted_dns::bind_both() {
    const auto loopback = asio::ip::address_v4::loopback();
    constexpr int tries = 20;
    for (int i = 0; i < tries; ++i) {
        udp_ = asio::ip::udp::socket(io_, asio::ip::udp::endpoint(loopback, 0));
        const asio::ip::tcp::endpoint same(loopback, udp_.local_endpoint().port());
        tcp_ = asio::ip::tcp::acceptor(io_);
        tcp_.open(same.protocol());
        error_code ec;
        tcp_.bind(same, ec);
        if (ec) continue;
        tcp_.listen();
        return;
    }
    throw std::runtime_error("no port is free for UDP and TCP");
}

std::string scripted_dns::address() const {
    return "127.0.0.1@" + std::to_string(udp_.local_endpoint().port());
}

void scripted_dns::read_datagram() {
    udp_.async_receive_from(asio::buffer(datagram_), peer_, [this](error_code ec, std::size_t n) {
        if (!ec)
            for (const auto& reply : replies(std::string_view(datagram_.data(), n), false))
                udp_.send_to(asio::buffer(reply), peer_);
        read_datagram();
    });
}

void scripted_dns::accept() {
    tcp_.async_accept([this](error_code ec, asio::ip::tcp::socket peer) {
        if (!ec) std::make_shared<connection>(*this, std::move(peer))->read_length();
        accept();
    });
}

std::vector<std::string> scripted_dns::replies(std::string_view message, bool is_tcp) {
    const auto query = parse_query(message, is_tcp);
    if (!query) return {};
    ++queries_;
    return says_(*query);
}

}  // namespace hauspost::test
