#pragma once

#include "base/clock.hpp"
#include "protocols/pop3/session/maildrop.hpp"
#include "protocols/pop3/session/maildrop_locks.hpp"
#include "protocols/sasl/credentials.hpp"
#include "storage/change_feed.hpp"
#include "storage/types.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hauspost::pop3 {

/// The states of RFC 1939 3. UPDATE is no more than the answer to QUIT.
enum class phase : std::uint8_t { authorization, transaction };

/// What a session knows of its client. Commands change it; the octets are the channel's.
struct session_state {
    /// Which commands are allowed now.
    pop3::phase phase = pop3::phase::authorization;
    /// Of the command in progress, for the log.
    std::string_view verb;
    /// The command in progress has begun its answer.
    bool is_answered = false;
    /// STLS was answered +OK: handshake next.
    bool wants_tls = false;
    /// The client said UTF8: no STLS any more (RFC 6856 2.1).
    bool is_utf8 = false;
    /// A newcomer wants the maildrop: look whether the peer still stands.
    bool is_wanted = false;
    /// Commands answered as bad, one after another, since the last that was answered +OK.
    unsigned bad_commands = 0;
    /// Whoever has not logged in by then is too late.
    steady_time login_until{};
    /// When a long walk looked for the peer last.
    steady_time looked_at{};
    /// Of USER; empty: there was none, or PASS has used it.
    std::string user_name;

    /// Messages sent by RETR, and removed by QUIT, for the log.
    std::size_t retrieved = 0;
    std::size_t removed = 0;

    // --- of the user: meaningful in phase::transaction -----------------------------------------

    sasl::identity user;
    /// News of the account; null before the login and after QUIT.
    std::unique_ptr<storage::change_feed::subscription> subscription;
    /// Held from the login to the end.
    maildrop_locks::lock lock;
    storage::mailbox_key inbox;
    pop3::maildrop maildrop;

    /// Others may have the maildrop.
    void give_maildrop_back() noexcept {
        subscription.reset();
        maildrop = {};
        lock.give_back();
    }
};

}  // namespace hauspost::pop3
