#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "protocols/net/stream.hpp"
#include "protocols/smtp/command.hpp"
#include "protocols/smtp/limits.hpp"
#include "protocols/smtp/mail_sink.hpp"
#include "protocols/smtp/reply.hpp"
#include "protocols/smtp/session/settings.hpp"
#include "protocols/smtp/transaction.hpp"
#include "protocols/wire/dot_codec.hpp"
#include "protocols/wire/line_reader.hpp"

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace hauspost::smtp {

/// One peer that speaks SMTP to the port for mail between servers (RFC 5321, port 25): no AUTH.
///
/// Calling sequence: construct, co_await run() once. run() returns when the peer is gone and the
/// stream is closed; it never throws. stop() makes it end early. All on the stream's thread; peer
/// and sink must live until run() has returned.
class server_session {
public:
    server_session(net::stream& peer,
                   mail_sink& sink,
                   std::shared_ptr<const session_config> config);
    server_session(const server_session&) = delete;
    server_session& operator=(const server_session&) = delete;

    awaitable<void> run();

    /// The command that is being answered gets its reply, then the peer gets 421.
    void stop() noexcept;

private:
    /// The message that is coming in.
    struct body {
        std::unique_ptr<incoming_message> message;
        wire::newline_guard guard;  // BDAT
        std::uint64_t octets = 0;
        std::optional<reply> refusal;  // octets are thrown away until the end, then this is said
        steady_time began_at{};        // of this DATA or chunk
        std::uint64_t received = 0;    // of this DATA or chunk, as they came

        void refuse(reply why) {
            if (!refusal) refusal = why;
            message.reset();
        }
    };

    // server_session.cpp: the loop
    awaitable<void> serve();
    awaitable<void> greet();
    awaitable<void> answer(std::string_view line);
    awaitable<void> read_commands();
    awaitable<void> flush();
    awaitable<void> delay();
    void say(const reply& reply);
    void say_and_close(const reply& reply, std::string_view reason);
    void lose(error_code ec);
    /// about: the log's words about this refusal, each with a space in front.
    void refuse(std::string_view verb, const reply& reply, std::string_view about = {});
    [[nodiscard]] std::string about_recipient(const mailbox_address& path) const;
    [[nodiscard]] std::string about_message() const;
    void bad(std::string_view verb, const reply& reply, std::string_view about = {});
    void count_idle_command();
    void log_fault(const std::exception& fault) const;
    [[nodiscard]] bool is_over() const noexcept { return is_closing_ || is_lost_; }
    [[nodiscard]] bool is_under_stress() const;
    [[nodiscard]] steady_time now() const;

    // server_commands.cpp: one handler per command
    awaitable<void> on(const malformed& cmd);
    awaitable<void> on(const helo& cmd);
    awaitable<void> on(const ehlo& cmd);
    awaitable<void> on(const mail_from& cmd);
    awaitable<void> on(const rcpt_to& cmd);
    awaitable<void> on(const rset& cmd);
    awaitable<void> on(const vrfy& cmd);
    awaitable<void> on(const expn& cmd);
    awaitable<void> on(const help& cmd);
    awaitable<void> on(const noop& cmd);
    awaitable<void> on(const quit& cmd);
    awaitable<void> on(const start_tls& cmd);
    awaitable<void> on(const auth& cmd);
    void forget_message();
    void describe_peer(envelope& envelope) const;

    // server_data.cpp: messages
    awaitable<void> on(const data& cmd);
    awaitable<void> on(const bdat& cmd);
    awaitable<void> begin_message();
    awaitable<void> receive_data();
    awaitable<void> receive_chunk(std::uint64_t octets);
    awaitable<void> take(std::string_view octets);
    awaitable<void> finish_message(std::string_view verb);
    awaitable<void> read_body();
    [[nodiscard]] bool is_past_discarding(std::uint64_t octets) const noexcept;

    net::stream& peer_;
    mail_sink& sink_;
    std::shared_ptr<const session_config> config_;
    wire::line_reader reader_;
    transaction transaction_;
    envelope envelope_;
    std::unordered_set<std::string> recipients_;  // of envelope_, to find those named twice
    std::unique_ptr<recipient_check> check_;      // of this transaction; none before the first RCPT
    body body_;
    std::string helo_;
    bool is_esmtp_ = false;
    std::string out_;  // replies not written yet
    bool is_stopping_ = false, is_closing_ = false, is_lost_ = false, is_delayed_ = false;
    bool is_in_body_ = false;
    std::string_view end_reason_ = "quit";
    steady_time line_began_at_{};
    std::size_t bad_commands_ = 0, idle_commands_ = 0, refused_recipients_ = 0, messages_ = 0;
    std::uint64_t octets_in_ = 0, octets_out_ = 0;
};

}  // namespace hauspost::smtp
