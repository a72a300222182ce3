#pragma once

#include "base/awaitable.hpp"
#include "base/monotonic_clock.hpp"
#include "protocols/net/stream.hpp"
#include "protocols/sessions/channel.hpp"
#include "protocols/sessions/session_log.hpp"
#include "protocols/sessions/session_loop.hpp"
#include "protocols/smtp/command.hpp"
#include "protocols/smtp/server/conduct.hpp"
#include "protocols/smtp/server/mail_sink.hpp"
#include "protocols/smtp/server/message_envelope.hpp"
#include "protocols/smtp/server/message_receiver.hpp"
#include "protocols/smtp/server/policy.hpp"
#include "protocols/smtp/server/replies.hpp"
#include "protocols/smtp/server/session_login.hpp"
#include "protocols/smtp/server/settings.hpp"
#include "protocols/smtp/server/transaction.hpp"
#include "protocols/wire/line_reader.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::smtp {

/// One peer that speaks SMTP: another server (RFC 5321), or somebody's mail program (RFC 6409). The
/// policy says which.
///
/// Calling sequence: construct, co_await run() once. run() returns when the peer is gone and the
/// stream is closed; it never throws. request_stop() makes it end early. All on the stream's
/// thread; peer, policy and time must live until run() has returned.
/// RFC  5321, 1870, 2034, 2920, 3030, 3207, 4865, 4954, 6152, 6409, 6531, 8689, 9422
class server_session final : private sessions::session_steps {
public:
    server_session(net::stream& peer,
                   const session_policy& policy,
                   const monotonic_clock& time,
                   std::shared_ptr<const session_config> config);

    awaitable<void> run() { return loop_.run(*this); }

    /// The command that is being answered gets its reply, then the peer gets 421.
    void request_stop() noexcept { loop_.request_end(sessions::ending::shutdown); }

private:
    // server_session.cpp: from one line to the next
    awaitable<void> greet() override;
    awaitable<void> step() override;
    void say_end(sessions::ending why) override;
    awaitable<void> leave() override;
    [[nodiscard]] std::string end_facts() const override;
    awaitable<void> answer(std::string_view line);
    awaitable<void> read_commands();
    void say(const reply& reply);
    void say_and_close(const reply& reply, std::string_view reason);
    /// about: the log's words about this refusal, each with a space in front.
    void refuse(std::string_view verb, const reply& reply, std::string_view about = {});
    /// The same for mail, which policy.refusals hears of, too. Without recipients: its sender.
    void turn_away(std::string_view verb, const reply& reply, const envelope& mail);
    /// A command that is wrong or comes at the wrong time.
    void refuse_bad(std::string_view verb, const reply& reply, std::string_view about = {});
    /// A command that moves no mail. Call it after the reply.
    void count_idle_command();

    // server_commands.cpp: one handler per command
    awaitable<void> on(const malformed& wrong);
    awaitable<void> on(const cmd::helo& wanted);
    awaitable<void> on(const cmd::ehlo& wanted);
    awaitable<void> on(const cmd::mail& wanted);
    awaitable<void> on(const cmd::rcpt& wanted);
    awaitable<void> on(const cmd::rset& wanted);
    awaitable<void> on(const cmd::vrfy& wanted);
    awaitable<void> on(const cmd::expn& wanted);
    awaitable<void> on(const cmd::help& wanted);
    awaitable<void> on(const cmd::noop& wanted);
    awaitable<void> on(const cmd::quit& wanted);
    awaitable<void> on(const cmd::start_tls& wanted);
    awaitable<void> on(const cmd::auth& wanted);
    [[nodiscard]] std::optional<reply> refuse_mail(const cmd::mail& wanted) const;
    void forget_message();

    // server_data.cpp: messages
    awaitable<void> on(const cmd::data& wanted);
    awaitable<void> on(const cmd::bdat& wanted);
    awaitable<void> begin_message();
    void end_transfer(transfer how);
    awaitable<void> finish_message(std::string_view verb);

    const session_policy policy_;
    const std::shared_ptr<const session_config> config_;
    const sessions::session_log log_;
    sessions::channel channel_;
    sessions::session_loop loop_;
    wire::line_reader reader_;
    session_login login_;  // who the peer is, where that is asked for

    transaction transaction_;                 // which command may come now
    message_envelope envelope_;               // of the transaction
    std::unique_ptr<recipient_check> check_;  // of this transaction; none before the first RCPT
    message_receiver message_;                // what comes in now

    std::string helo_;           // the name that the peer gave itself last; "" before
    bool is_esmtp_ = false;      // by EHLO
    bool is_in_body_ = false;    // octets of a message come in: not to be taken for commands
    bool is_delayed_ = false;    // the answer waits, since too much was wrong
    conduct conduct_;            // what the peer has done wrong so far
    steady_time line_began_at_;  // the time limit is for the whole line
};

}  // namespace hauspost::smtp
