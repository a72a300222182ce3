#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/grammar/command.hpp"
#include "protocols/imap/session/core/context.hpp"
#include "protocols/imap/session/core/replies.hpp"
#include "storage/change_feed.hpp"

#include <memory>
#include <string_view>

namespace hauspost::imap {

/// The life of one session: greeting, one command after another, the end for whatever reason. What
/// a command does it does not know; that stands in the folders beside it, and commands.cpp has the
/// table of all.
///
/// Thread: the stream's.
class connection final : public storage::account_listener {
public:
    connection(net::stream& peer,
               const session_ports& ports,
               std::shared_ptr<const session_config> config);

    awaitable<void> run();
    void request_stop() noexcept;

    void on_mail_changed(modseq highest) noexcept override;
    void on_credentials_changed() noexcept override;

private:
    void greet();
    awaitable<void> serve();
    void end_if_asked();
    awaitable<void> execute(std::string_view text);
    /// From the gate to what is told after the command.
    awaitable<answer> answer_to(const command& wanted);
    /// The same for APPEND and REPLACE, whose octets come while they are answered.
    awaitable<void> execute_append();
    awaitable<void> follow_up();
    void forget_saved() noexcept;
    void log_start() const;
    void log_end(steady_time began) const;

    context context_;
};

}  // namespace hauspost::imap
