#pragma once

#include "base/clock.hpp"
#include "protocols/imap/session/core/listening.hpp"
#include "protocols/imap/view/notify.hpp"
#include "storage/annotation_store.hpp"
#include "storage/types.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace hauspost::imap {

/// What NOTIFY asked for (RFC 5465), and how far its client has been told.
struct notify_watch {
    std::vector<notify_group> groups;  // none: nothing is told but what IDLE and NOOP ask for
    /// All mailboxes that the groups may speak of, as the client was told of them. Never null; the
    /// sessions of an account share it.
    std::shared_ptr<const notify_picture> shown = std::make_shared<notify_picture>();
    /// Something was committed since the last look.
    bool is_due = false;
    /// The first and the last change that `shown` may lack; nullopt: it lacks none.
    std::optional<steady_time> changed_at;
    steady_time last_changed_at{};
    /// No picture is taken before.
    steady_time again_at{};
    /// News of the accounts whose shared mailboxes are watched, by account number.
    std::map<std::uint32_t, account_news> owners;

    void note_change(steady_time now);
    /// A change that this session made itself and that its client need not be told of.
    /// RFC 5465 5
    void note_own_entries(storage::mailbox_key key,
                          const std::vector<storage::annotation_change>& changes);
};

/// Do the groups ask for annotations?
[[nodiscard]] bool watches_entries(const std::vector<notify_group>& groups) noexcept;
/// The mailbox of that key; null: none. picture: sorted by key
[[nodiscard]] notify_mailbox* find_mailbox(std::vector<notify_mailbox>& picture,
                                           const notify_key& key);

}  // namespace hauspost::imap
