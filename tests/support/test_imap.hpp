#pragma once

#include "protocols/imap/session/session.hpp"
#include "protocols/query/run/index_text.hpp"
#include "storage/index/search_indexer.hpp"
#include "tests/support/server_parts.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace hauspost::test {

/// IMAP sessions on a server's parts: its own, or those that other protocols use as well.
class imap_server {
    std::unique_ptr<server_parts> own_;

public:
    imap_server() : imap_server(std::make_unique<server_parts>()) {}
    explicit imap_server(server_parts& shared);
    ~imap_server();
    imap_server(const imap_server&) = delete;
    imap_server& operator=(const imap_server&) = delete;

    [[nodiscard]] imap::session_ports ports();

    /// A whole conversation of one client that sends all at once and then closes.
    /// Returns  all output, with "V" for each UIDVALIDITY
    std::string talk(std::string input);
    /// The same over a stream that the test has set up.
    std::string talk(memory_stream& peer);
    /// As talk, logged in as Ann; without the greeting and the answer of LOGIN.
    std::string as_ann(std::string input);
    /// The same with INBOX selected; without SELECT's answer.
    std::string in_inbox(std::string input);

    /// From here on there is a full-text index, which looks at mail only in index_all().
    void open_index();
    void index_all();
    [[nodiscard]] std::filesystem::path index_folder() const { return parts.folder() / "index"; }
    /// No message that is there now is \Recent for a session that comes later.
    void see_all();

    server_parts& parts;
    imap::session_config config;
    std::unique_ptr<storage::index::search_indexer> index;
    bool uses_index = true;     // false: sessions do not see it
    bool keeps_recent = false;  // mail that was put stays \Recent until a session selects it

private:
    friend class imap_client;
    explicit imap_server(std::unique_ptr<server_parts> own);
    /// What came while nobody was connected was seen before: most tests are not about \Recent.
    void see_all_if_alone();

    const query::index_text text_;
    int clients_ = 0;
};

/// A client that talks step by step, for tests of several sessions at once.
class imap_client {
public:
    explicit imap_client(imap_server& server, std::string user = "ann@a.example");
    /// Ends the session and waits for it.
    ~imap_client();
    imap_client(const imap_client&) = delete;
    imap_client& operator=(const imap_client&) = delete;

    /// Sends "tN " + text and waits for the tagged answer. Returns all lines since the last call;
    /// the tag is written "t".
    std::string command(std::string_view text);
    /// The same with the numbers that differ from run to run.
    std::string raw(std::string_view text);
    /// Sends octets as they are.
    void send(std::string_view octets) { peer_.send(octets); }
    /// Waits until the output not seen yet contains this, and returns the output.
    std::string wait_for(std::string_view text);
    /// Waits until the session has nothing more to do. Returns the output not seen yet.
    std::string settle();
    /// Waits until the session has closed the stream.
    std::string wait_closed();

    imap::session& session() { return *session_; }
    memory_stream& peer() { return peer_; }

private:
    imap_server& server_;
    memory_stream peer_{"", when_dry::wait};
    std::unique_ptr<imap::session> session_;
    bool is_over_ = false;
    unsigned tag_ = 0;
};

/// Numbers that differ from run to run as "V": of UIDVALIDITY, APPENDUID and COPYUID; without the
/// MAILBOXID of SELECT and CREATE.
[[nodiscard]] std::string without_validity(std::string text);

}  // namespace hauspost::test
