#pragma once

#include <openssl/ssl.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// What the load drivers share. They are plain blocking programs, a thread for each connection:
/// little code, little processor time of their own.
namespace bench {

/// "127.0.0.1:2525"
struct endpoint {
    std::string host;
    std::uint16_t port = 0;
};
endpoint parse_endpoint(const std::string& text);

/// What came back to an IMAP command.
struct answer {
    std::uint64_t octets = 0;
    std::uint64_t untagged = 0;  // lines that begin with "* "
};

/// One blocking connection that speaks lines. All calls throw std::runtime_error on a fault: a
/// driver has no use for a run with a broken connection.
class peer {
public:
    /// tls: from the first octet on. Certificates are not verified.
    peer(const endpoint& to, bool tls, std::size_t buffer_octets = 16 * 1024);
    ~peer();
    peer(const peer&) = delete;
    peer& operator=(const peer&) = delete;

    void write(std::string_view octets);
    /// The next line without CRLF; valid until the next call.
    std::string_view read_line();
    /// Reads and drops so many octets (a literal).
    void skip(std::size_t octets);
    /// A whole SMTP reply; its code.
    int read_reply();
    /// Reads IMAP lines, literals and all, up to the one that begins with "tag ". Throws unless it
    /// is OK.
    answer read_tagged(std::string_view tag);
    /// Sends one IMAP command and reads its answer.
    answer command(std::string_view tag, std::string_view text);
    void login(const std::string& user, const std::string& password);
    /// Sends SELECT; how many messages the mailbox has.
    std::size_t select(const std::string& mailbox);
    /// Reads a POP3 status line; throws unless it is +OK.
    void read_ok();
    /// Reads the lines of a POP3 answer up to its "."; their octets, line ends included.
    std::uint64_t read_lines();
    /// Sends one POP3 command and reads its status line.
    void pop3(std::string_view text);
    void pop3_login(const std::string& user, const std::string& password);

    [[nodiscard]] int descriptor() const noexcept { return socket_; }
    /// Is there something to read that poll would not tell of?
    [[nodiscard]] bool has_buffered() const noexcept;
    /// Frees the read buffer while nothing is expected (many idle connections).
    void release_buffer();

private:
    void fill();

    int socket_ = -1;
    SSL* tls_ = nullptr;
    std::size_t buffer_octets_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

/// The size of the literal that a line announces at its end, or npos. {123} and ~{123}.
std::size_t literal_octets(std::string_view line);

}  // namespace bench
