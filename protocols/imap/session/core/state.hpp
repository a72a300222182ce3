#pragma once

#include "base/clock.hpp"
#include "protocols/imap/session/core/enabled.hpp"
#include "protocols/imap/session/core/listening.hpp"
#include "protocols/imap/session/core/notify_watch.hpp"
#include "protocols/imap/session/core/phase.hpp"
#include "protocols/imap/session/core/selected.hpp"
#include "protocols/sasl/credentials.hpp"
#include "storage/change_feed.hpp"
#include "storage/trace_event.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace hauspost::imap {

/// Why a session ends although its client did not ask for it.
enum class ending : std::uint8_t { none, stop, credentials_changed };

/// What is done to the connection behind the tagged answer of a command.
enum class follow_up : std::uint8_t { none, start_tls, start_compression };

/// What a session knows: of its client, and what the client has been told. Commands change it; the
/// octets are the channel's (channel.hpp).
struct session_state {
    /// Which commands are allowed now.
    imap::phase phase = imap::phase::not_authenticated;
    /// Set from outside; the session says BYE when the command in progress is done.
    imap::ending ending = imap::ending::none;
    /// Of the command that is run; "" between commands.
    std::string tag;
    /// When the client was last told anything of it, or it began: INPROGRESS counts from here.
    steady_time heard_at{};
    /// When it was last looked whether the client of a long command is still there.
    steady_time looked_at{};
    /// The client sends no more, and was sent a line to see whether it still reads.
    bool is_half_closed = false;
    /// What the command that is run wants to happen behind its answer.
    imap::follow_up follow_up = imap::follow_up::none;
    /// Commands answered BAD, one after another.
    unsigned bad_commands = 0;
    /// Nobody may stay a stranger for longer.
    steady_time login_until{};
    /// While IDLE runs: when it ends with autologout. nullopt: no IDLE runs.
    std::optional<steady_time> idle_until;
    /// How often something of an account that is listened to has changed. selected_mailbox::heard
    /// is what it was when the mailbox was last read.
    std::uint64_t heard = 0;

    /// What the client calls itself (RFC 2971), cut; "" when it does not say.
    std::string program;

    // --- of the user: emptied by forget_user() -------------------------------------------------

    /// Who has logged in; meaningful from phase::authenticated on.
    sasl::identity user;
    /// News of the user's own account; null before the login.
    std::unique_ptr<storage::change_feed::subscription> subscription;
    /// What the client switched on.
    enabled_set enabled;
    /// What NOTIFY asked for; null before the first one: as IDLE and NOOP tell it.
    std::unique_ptr<notify_watch> notify;

    // --- of the selected mailbox: emptied by deselect() ----------------------------------------

    /// Never null in phase::selected.
    std::unique_ptr<selected_mailbox> selected;
    /// News of the selected mailbox's owner; null: it is the user's own, or none is selected.
    account_news owner_news;

    /// No mailbox is selected any more.
    void deselect() noexcept {
        owner_news.reset();
        selected.reset();
        if (phase == imap::phase::selected) phase = imap::phase::authenticated;
    }
    /// What a user was to this session goes (UNAUTHENTICATE), so that the next one finds nothing of
    /// it. Whoever adds state that belongs to a user or to a selected mailbox empties it here.
    void forget_user() noexcept;

    /// Who changes mail here, for the trace.
    [[nodiscard]] storage::trace_actor actor() const {
        return {storage::trace_door::imap, user.address, program};
    }
    /// Is it the selected mailbox?
    [[nodiscard]] bool is_selected(storage::mailbox_key key) const noexcept {
        return selected && selected->key == key;
    }
    /// The selected mailbox, as pictures have it.
    [[nodiscard]] notify_key selected_key() const noexcept;
    /// Does the client want to hear of the selected mailbox at all?
    [[nodiscard]] bool tells_selected() const noexcept;
    /// Does it want to hear of flags that others changed?
    [[nodiscard]] bool wants_flag_news() const noexcept;
};

}  // namespace hauspost::imap
