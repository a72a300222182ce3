#include "bench/support/peer.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <stdexcept>

namespace bench {

namespace {

[[noreturn]] void broken(const std::string& what) {
    throw std::runtime_error(what);
}

SSL_CTX* client_context() {
    static SSL_CTX* const context = [] {
        auto* made = SSL_CTX_new(TLS_client_method());
        if (made == nullptr) broken("SSL_CTX_new");
        SSL_CTX_set_mode(made, SSL_MODE_RELEASE_BUFFERS);
        SSL_CTX_set_session_cache_mode(made, SSL_SESS_CACHE_OFF);
        return made;
    }();
    return context;
}

}  // namespace

endpoint parse_endpoint(const std::string& text) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos) broken("not an address:port: " + text);
    return {text.substr(0, colon), static_cast<std::uint16_t>(std::stoul(text.substr(colon + 1)))};
}

peer::peer(const endpoint& to, bool tls, std::size_t buffer_octets)
    : buffer_octets_(buffer_octets), buffer_(buffer_octets) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(to.port);
    if (inet_pton(AF_INET, to.host.c_str(), &address.sin_addr) != 1) broken("bad address");
    socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        broken(std::string("connect: ") + std::strerror(errno));
    if (!tls) return;
    tls_ = SSL_new(client_context());
    SSL_set_fd(tls_, socket_);
    if (SSL_connect(tls_) != 1) broken("TLS handshake failed");
}

peer::~peer() {
    if (tls_ != nullptr) SSL_free(tls_);
    if (socket_ >= 0) close(socket_);
}

void peer::write(std::string_view octets) {
    while (!octets.empty()) {
        std::size_t sent = 0;
        if (tls_ != nullptr) {
            if (SSL_write_ex(tls_, octets.data(), octets.size(), &sent) != 1) broken("TLS write");
        } else {
            const auto done = send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
            if (done <= 0) broken(std::string("send: ") + std::strerror(errno));
            sent = static_cast<std::size_t>(done);
        }
        octets.remove_prefix(sent);
    }
}

void peer::fill() {
    if (begin_ == end_) begin_ = end_ = 0;
    if (buffer_.empty()) buffer_.resize(buffer_octets_);
    if (end_ == buffer_.size() && begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ == buffer_.size()) buffer_.resize(buffer_.size() * 2);  // a line longer than that
    std::size_t got = 0;
    if (tls_ != nullptr) {
        if (SSL_read_ex(tls_, buffer_.data() + end_, buffer_.size() - end_, &got) != 1)
            broken("closed by the server");
    } else {
        const auto done = recv(socket_, buffer_.data() + end_, buffer_.size() - end_, 0);
        if (done <= 0) broken("closed by the server");
        got = static_cast<std::size_t>(done);
    }
    end_ += got;
}

std::string_view peer::read_line() {
    std::size_t looked = 0;
    for (;;) {
        const auto size = end_ - begin_;
        const auto* found = size == looked
                                ? nullptr
                                : static_cast<const char*>(std::memchr(
                                      buffer_.data() + begin_ + looked, '\n', size - looked));
        if (found != nullptr) {
            const std::string_view line(buffer_.data() + begin_,
                                        static_cast<std::size_t>(found - buffer_.data()) - begin_);
            begin_ += line.size() + 1;
            return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
        }
        looked = size;
        fill();
    }
}

void peer::skip(std::size_t octets) {
    while (octets > 0) {
        if (begin_ == end_) fill();
        const auto now = std::min(octets, end_ - begin_);
        begin_ += now;
        octets -= now;
    }
}

int peer::read_reply() {
    for (;;) {
        const auto line = read_line();
        if (line.size() < 3) broken("not an SMTP reply");
        if (line.size() == 3 || line[3] != '-') return std::stoi(std::string(line.substr(0, 3)));
    }
}

answer peer::read_tagged(std::string_view tag) {
    answer came;
    bool begins = true;  // not so for what follows a literal
    for (;;) {
        const auto line = read_line();
        came.octets += line.size() + 2;
        if (begins && line.starts_with("* ")) ++came.untagged;
        if (begins && line.starts_with(tag) && line.substr(tag.size()).starts_with(' ')) {
            if (!line.substr(tag.size() + 1).starts_with("OK")) broken(std::string(line));
            return came;
        }
        const auto literal = literal_octets(line);
        begins = literal == std::string_view::npos;
        if (begins) continue;
        skip(literal);
        came.octets += literal;
    }
}

answer peer::command(std::string_view tag, std::string_view text) {
    std::string line(tag);
    line.append(" ").append(text).append("\r\n");
    write(line);
    return read_tagged(tag);
}

void peer::login(const std::string& user, const std::string& password) {
    read_line();
    command("login", "LOGIN " + user + " " + password);
}

void peer::read_ok() {
    const auto line = read_line();
    if (!line.starts_with("+OK")) broken(std::string(line));
}

std::uint64_t peer::read_lines() {
    std::uint64_t octets = 0;
    for (;;) {
        const auto line = read_line();
        if (line == ".") return octets;
        octets += line.size() + 2;
    }
}

void peer::pop3(std::string_view text) {
    write(std::string(text) + "\r\n");
    read_ok();
}

void peer::pop3_login(const std::string& user, const std::string& password) {
    read_ok();
    pop3("USER " + user);
    pop3("PASS " + password);
}

bool peer::has_buffered() const noexcept {
    return begin_ != end_ || (tls_ != nullptr && SSL_has_pending(tls_) == 1);
}

std::size_t peer::select(const std::string& mailbox) {
    write("s SELECT " + mailbox + "\r\n");
    std::size_t messages = 0;
    for (;;) {
        const auto line = read_line();
        if (line.ends_with(" EXISTS")) messages = std::stoul(std::string(line.substr(2)));
        if (line.starts_with("s OK")) return messages;
        if (line.starts_with("s ")) throw std::runtime_error(std::string(line));
    }
}

void peer::release_buffer() {
    if (begin_ != end_) return;
    begin_ = end_ = 0;
    std::vector<char>().swap(buffer_);
}

std::size_t literal_octets(std::string_view line) {
    if (!line.ends_with('}')) return std::string_view::npos;
    const auto open = line.rfind('{');
    if (open == std::string_view::npos) return std::string_view::npos;
    std::size_t octets = 0;
    const auto* last = line.data() + line.size() - 1;
    const auto [end, fault] = std::from_chars(line.data() + open + 1, last, octets);
    return fault == std::errc() && end == last ? octets : std::string_view::npos;
}

}  // namespace bench
