#pragma once

#include "protocols/access/exchange.hpp"
#include "protocols/access/login_policy.hpp"
#include "protocols/net/turn.hpp"
#include "protocols/pop3/capability.hpp"
#include "protocols/pop3/command.hpp"
#include "protocols/pop3/message_encoder.hpp"
#include "protocols/pop3/reply.hpp"
#include "protocols/pop3/session/maildrop.hpp"
#include "protocols/pop3/session/maildrop_locks.hpp"
#include "protocols/pop3/session/session.hpp"
#include "protocols/sessions/channel.hpp"
#include "protocols/sessions/session_log.hpp"
#include "protocols/sessions/session_loop.hpp"
#include "protocols/wire/line_reader.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::pop3 {

/// The inside of a session: the state of one connection, and one handler for each command. What
/// the session does from one line to the next stands in connection.cpp, the handlers in cmd_*.cpp.
///
/// A handler appends its whole answer to the channel's output. Where much may come it calls
/// loop_.make_room() in between and stops when that says false.
class connection final : public storage::account_listener,
                         public maildrop_holder,
                         private sessions::session_steps,
                         private access::exchange_lines {
public:
    connection(net::stream& peer,
               const session_ports& ports,
               std::shared_ptr<const session_config> config);

    awaitable<void> run() { return loop_.run(*this); }
    void request_stop() noexcept { loop_.request_end(sessions::ending::shutdown); }

    void on_mail_changed(modseq) noexcept override {}
    void on_credentials_changed() noexcept override;
    void on_maildrop_wanted() noexcept override;

private:
    enum class phase : std::uint8_t { authorization, transaction };

    // --- connection.cpp: from one line to the next ---
    awaitable<void> greet() override;
    awaitable<void> step() override;
    void say_end(sessions::ending why) override;
    awaitable<void> leave() override;
    [[nodiscard]] std::string end_facts() const override;
    awaitable<void> execute(std::string_view line);
    awaitable<void> dispatch(const command& wanted);
    awaitable<void> wait_for_octets();
    awaitable<void> look_for_peer();
    /// Between the pieces of a long walk: others get their turn. False: the session ends.
    awaitable<bool> may_go_on();
    [[nodiscard]] steady_time input_until() const noexcept;
    [[nodiscard]] capability_state capability_now() const noexcept;
    [[nodiscard]] std::string& out() noexcept { return channel_.out(); }
    void say(const reply& reply);
    void refuse(const reply& reply);
    void bad(const reply& reply);

    // --- cmd_login.cpp ---
    void send_challenge(std::string_view challenge) override;
    awaitable<std::optional<std::string>> read_response() override;
    awaitable<void> log_in(std::string user, secret password);
    awaitable<bool> open_maildrop();
    awaitable<bool> find_repeats();
    awaitable<void> upgrade();
    awaitable<void> on(const cmd::user& wanted);
    awaitable<void> on(const cmd::pass& wanted);
    awaitable<void> on(const cmd::auth& wanted);
    awaitable<void> on(const cmd::stls& wanted);

    // --- cmd_simple.cpp ---
    awaitable<void> on(const malformed& wanted);
    awaitable<void> on(const cmd::capa& wanted);
    awaitable<void> on(const cmd::utf8& wanted);
    awaitable<void> on(const cmd::lang& wanted);
    awaitable<void> on(const cmd::stat& wanted);
    awaitable<void> on(const cmd::list& wanted);
    awaitable<void> on(const cmd::uidl& wanted);
    awaitable<void> on(const cmd::dele& wanted);
    awaitable<void> on(const cmd::noop& wanted);
    awaitable<void> on(const cmd::rset& wanted);
    [[nodiscard]] const maildrop_message* find(std::uint64_t number);

    // --- cmd_retrieve.cpp ---
    struct found_message {
        blob_id blob;
        std::uint64_t blob_octets = 0;
        std::string prefix;
    };
    awaitable<void> on(const cmd::retr& wanted);
    awaitable<void> on(const cmd::top& wanted);
    awaitable<bool> look_up(uid id, found_message& found);
    awaitable<error_code> read_piece(blob_id blob, std::uint64_t offset, std::size_t octets);
    awaitable<bool> send(uid id,
                         message_encoder encoder,
                         std::size_t next_octets,
                         std::string ok_text);

    // --- cmd_quit.cpp ---
    awaitable<void> on(const cmd::quit& wanted);
    awaitable<void> remove_marked(bool& is_done);
    awaitable<void> mark_seen();

    session_ports ports_;
    std::shared_ptr<const session_config> config_;
    sessions::session_log log_;
    sessions::channel channel_;
    sessions::session_loop loop_;
    wire::line_reader reader_;
    std::unique_ptr<char[]> piece_;  // of the message that is being sent; null when idle
    std::size_t piece_octets_ = 0;   // its size

    phase phase_ = phase::authorization;  // RFC 1939 3
    bool is_answered_ = false;            // the command in progress has begun its answer
    bool wants_tls_ = false;              // STLS was answered +OK: handshake next
    bool is_utf8_ = false;                // the client said UTF8: no STLS any more (RFC 6856 2.1)
    bool is_wanted_ = false;  // a newcomer wants the maildrop: look whether the peer still stands
    std::string_view verb_;   // of the command in progress, for the log

    unsigned bad_commands_ = 0;      // one after another, since the last that was answered +OK
    std::size_t retrieved_ = 0;      // messages sent by RETR, for the log
    std::size_t removed_ = 0;        // messages removed by QUIT, for the log
    const steady_time login_until_;  // whoever has not logged in by then is too late
    steady_time looked_at_{};        // when a long walk looked for the peer last

    std::string user_name_;  // of USER; empty: there was none, or PASS has used it
    access::login_policy logins_;
    sasl::identity user_;                                               // once logged in
    std::unique_ptr<storage::change_feed::subscription> subscription_;  // to the account's news
    maildrop_locks::lock lock_;  // held from the login to the end
    storage::mailbox_key inbox_;
    maildrop maildrop_;
};

}  // namespace hauspost::pop3
