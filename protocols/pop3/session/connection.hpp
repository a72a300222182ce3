#pragma once

#include "base/clock.hpp"
#include "protocols/access/login_policy.hpp"
#include "protocols/net/turn.hpp"
#include "protocols/pop3/capability.hpp"
#include "protocols/pop3/command.hpp"
#include "protocols/pop3/message_encoder.hpp"
#include "protocols/pop3/reply.hpp"
#include "protocols/pop3/session/maildrop.hpp"
#include "protocols/pop3/session/maildrop_locks.hpp"
#include "protocols/pop3/session/session.hpp"
#include "protocols/wire/line_reader.hpp"

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::pop3 {

/// The inside of a session: state, input and output of one connection, and one handler for each
/// command. The loop stands in connection.cpp, reading and writing in connection_io.cpp, the
/// handlers in cmd_*.cpp.
///
/// A handler appends its whole answer to out_. Where much may come it calls make_room() in between
/// and stops when that says false.
class connection final : public storage::account_listener, public maildrop_holder {
public:
    connection(net::stream& peer,
               const session_ports& ports,
               std::shared_ptr<const session_config> config);

    awaitable<void> run();
    void request_stop() noexcept;

    void on_mail_changed(modseq) noexcept override {}
    void on_credentials_changed() noexcept override;
    void on_maildrop_wanted() noexcept override;

private:
    enum class phase : std::uint8_t { authorization, transaction, closing };
    enum class ending : std::uint8_t { none, stop, credentials_changed, taken_over };

    // --- connection.cpp: the loop ---
    awaitable<void> serve();
    awaitable<void> execute(std::string_view line);
    awaitable<void> dispatch(const command& wanted);
    awaitable<bool> guarded(awaitable<void> work);
    void log_fault(const std::exception& fault) const;
    void log_end(steady_time began) const;
    void say(const reply& reply);
    void refuse(const reply& reply);
    void bad(const reply& reply);
    void end_if_asked();
    void close(std::string_view reason);
    awaitable<void> leave_maildrop();

    // --- connection_io.cpp ---
    [[nodiscard]] capability_state capability_now() const noexcept;
    /// Writes all output. False: the connection is lost.
    awaitable<bool> flush();
    /// Writes when there is much, and lets other sessions of the thread run when it is time to.
    /// False: the connection is lost.
    awaitable<bool> make_room();
    /// Waits for octets; all output is written before. While it waits no buffer is held.
    awaitable<void> wait_for_octets();
    awaitable<void> read_octets();
    awaitable<void> look_for_peer();
    /// Between the pieces of a long walk: others get their turn. False: the session ends.
    awaitable<bool> may_go_on();
    /// One line in the middle of a command. nullopt: the session ends.
    awaitable<std::optional<std::string>> read_line(std::size_t max_octets);
    awaitable<void> yield() { return turn_.yield(); }
    [[nodiscard]] bool is_turn_over() const noexcept { return turn_.is_over(); }
    [[nodiscard]] net::stream::duration time_left() const noexcept;
    void lose(error_code why);

    // --- cmd_login.cpp ---
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

    net::stream& peer_;
    session_ports ports_;
    std::shared_ptr<const session_config> config_;
    wire::line_reader reader_;
    std::string out_;
    std::unique_ptr<char[]> piece_;  // of the message that is being sent; null when idle
    std::size_t piece_octets_ = 0;

    phase phase_ = phase::authorization;
    ending ending_ = ending::none;
    bool is_open_ = true;
    bool is_answered_ = false;  // the command in progress has begun its answer
    bool wants_tls_ = false;    // STLS was answered +OK: handshake next
    bool is_utf8_ = false;      // the client said UTF8: no STLS any more (RFC 6856 2.1)
    std::string_view verb_;     // of the command in progress, for the log
    std::string_view end_reason_ = "quit";

    // For a newcomer's question: what the session waits for, and since when nothing moved.
    enum class waiting : std::uint8_t { no, for_input, for_output };
    waiting waiting_ = waiting::no;
    bool is_wanted_ = false;  // look whether the peer is still there
    steady_time moved_at_{};

    unsigned bad_commands_ = 0;
    std::uint64_t octets_in_ = 0, octets_out_ = 0;
    std::size_t retrieved_ = 0, removed_ = 0;
    steady_time login_until_{};
    steady_time looked_at_{};  // for the peer of a long walk
    net::turn turn_;

    std::string user_name_;  // of USER
    access::login_policy logins_;
    sasl::identity user_;
    std::unique_ptr<storage::change_feed::subscription> subscription_;
    maildrop_locks::lock lock_;
    storage::mailbox_key inbox_;
    maildrop maildrop_;
};

}  // namespace hauspost::pop3
