#pragma once

#include "base/clock.hpp"
#include "base/worker_pool.hpp"
#include "protocols/imap/session/session.hpp"
#include "protocols/query/run/index_text.hpp"
#include "server/summaries/stored_summaries.hpp"
#include "storage/index/search_indexer.hpp"
#include "tests/support/memory_stream.hpp"
#include "tests/support/open_store.hpp"
#include "tests/support/run.hpp"
#include "tests/support/tmp_dir.hpp"

#include <filesystem>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::test {

class fixed_clock final : public clock {
public:
    [[nodiscard]] wall_time now() const override { return at; }
    // 2026-01-02 03:04:05 UTC
    wall_time at = wall_time(std::chrono::seconds(1'767'323'045));
};

/// Knows users by heart; "busy@...", "off@..." and "throttled@..." get those verdicts, for
/// "fault@..." it throws.
class known_credentials final : public sasl::credentials {
public:
    awaitable<result<sasl::identity>> check(std::string user,
                                            secret password,
                                            std::string peer,
                                            function_ref<void(account_id)> listen) override;
    std::map<std::string, account_id> users;  // each with the password "pw"
    std::function<void()> after_listening;    // what happens before the last look at the account
};

/// All that IMAP sessions need: the real store in a folder of its own, the accounts
/// ann@a.example and bob@a.example, and an io_context that all sessions of a test share.
///
/// The tests use the real store and no second one in memory: it is as fast on a memory file
/// system, and what the sessions rely on (order of commits, wake-ups, modseq) is what is tested.
class imap_house {
public:
    imap_house();
    ~imap_house();
    imap_house(const imap_house&) = delete;
    imap_house& operator=(const imap_house&) = delete;

    [[nodiscard]] imap::session_ports ports();
    [[nodiscard]] const storage::ports& store() const { return *store_; }

    /// A whole conversation of one client that sends all at once and then closes.
    /// Returns  all output, with "V" for each UIDVALIDITY
    std::string talk(std::string input);
    /// The same over a stream that the test has set up.
    std::string talk(memory_stream& peer);
    /// As talk, logged in as Ann; without the greeting and the answer of LOGIN.
    std::string as_ann(std::string input);
    /// The same with INBOX selected; without SELECT's answer.
    std::string in_inbox(std::string input);

    /// Puts a message into a mailbox of Ann's. Its date is 2026-01-02 03:04:05 +0000.
    uid put(std::string_view octets,
            std::uint32_t system_flags = 0,
            std::vector<std::string> keywords = {},
            std::string mailbox = "INBOX",
            std::string prefix = "");
    /// One more account, with the password "pw"; makes its domain when it is new.
    account_id add_account(const std::string& name);
    void change(account_id account, storage::account_change wanted);
    void set_quota(account_id account, std::uint64_t octets);
    void set_password_hash(account_id account, std::string hash);
    /// The same from inside a session: done when it returns.
    void set_password_hash_here(account_id account, std::string hash);
    /// Gives the house a full-text index, which looks at mail only in index_all().
    void open_index();
    void index_all();
    [[nodiscard]] std::filesystem::path index_folder() const { return folder_.path() / "index"; }

    /// That many short messages in INBOX.
    void fill(unsigned messages);
    /// No message that is there now is \Recent for a session that comes later.
    void see_all();
    /// Doubles what is in INBOX so often: quicker than fill() for tens of thousands.
    void copy_all(unsigned times);
    /// As if all that went had gone too long ago.
    void forget_vanished();

    template <class T>
    T wait(awaitable<T> task) {
        std::optional<T> value;
        run(io, collect(std::move(task), value));
        return std::move(*value);
    }

    asio::io_context io{1};
    fixed_clock time;
    imap::session_config config;
    account_id ann, bob;
    known_credentials credentials;
    const server::stored_summaries summaries;
    // Instead of the store's own.
    storage::blob_store* blobs = nullptr;
    storage::mailbox_store* mailboxes = nullptr;
    storage::change_feed* changes = nullptr;
    std::unique_ptr<storage::index::search_indexer> index;
    manual_clock* own_time = nullptr;  // of sessions and of the streams of clients; null: real time
    bool uses_index = true;            // false: sessions do not see it
    bool keeps_recent = false;         // mail that was put stays \Recent until a session selects it

private:
    friend class imap_client;
    /// What came while nobody was connected was seen before: most tests are not about \Recent.
    void see_all_if_alone();
    template <class T>
    static awaitable<void> collect(awaitable<T> task, std::optional<T>& value) {
        value.emplace(co_await std::move(task));
    }
    awaitable<result<storage::mailbox_info>> mail_find(std::string mailbox);

    std::list<asio::io_context> elsewhere_;  // they outlive the threads that post to them
    tmp_dir folder_;
    worker_pool workers_{"imap-test", 1, 16};
    const query::index_text text_;
    const system_monotonic_clock real_time_;
    int clients_ = 0;
    std::shared_ptr<const storage::ports> store_;
};

/// A client that talks step by step, for tests of several sessions at once.
class imap_client {
public:
    explicit imap_client(imap_house& house, std::string user = "ann@a.example");
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
    imap_house& house_;
    memory_stream peer_{"", when_dry::wait};
    std::unique_ptr<imap::session> session_;
    bool is_over_ = false;
    unsigned tag_ = 0;
};

/// Numbers that differ from run to run as "V": of UIDVALIDITY, APPENDUID and COPYUID; without the
/// MAILBOXID of SELECT and CREATE.
[[nodiscard]] std::string without_validity(std::string text);

}  // namespace hauspost::test
