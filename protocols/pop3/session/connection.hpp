#pragma once

#include "base/awaitable.hpp"
#include "protocols/pop3/session/context.hpp"
#include "protocols/pop3/session/maildrop_locks.hpp"
#include "protocols/sessions/session_loop.hpp"
#include "storage/change_feed.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace hauspost::pop3 {

/// The life of one session: greeting, one command after another, the end for whatever reason, and
/// what others want of it meanwhile. What a command does it does not know; that stands in the
/// cmd_*.cpp, and command_table.cpp has the table of all.
///
/// Thread: the stream's.
class connection final : public storage::account_listener,
                         public maildrop_holder,
                         private sessions::session_steps {
public:
    connection(net::stream& peer,
               const session_ports& ports,
               std::shared_ptr<const session_config> config);

    awaitable<void> run() { return context_.loop.run(*this); }
    void request_stop() noexcept { context_.loop.request_end(sessions::ending::shutdown); }

    void on_mail_changed(modseq) noexcept override {}
    void on_credentials_changed() noexcept override;
    void on_maildrop_wanted() noexcept override;

private:
    awaitable<void> greet() override;
    awaitable<void> step() override;
    void say_end(sessions::ending why) override;
    awaitable<void> leave() override;
    [[nodiscard]] std::string end_facts() const override;
    awaitable<void> execute(std::string_view line);

    context context_;
};

}  // namespace hauspost::pop3
