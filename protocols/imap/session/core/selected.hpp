#pragma once

#include "protocols/imap/grammar/rights.hpp"
#include "protocols/imap/grammar/search_options.hpp"
#include "protocols/imap/view/live_search.hpp"
#include "protocols/imap/view/mailbox_view.hpp"
#include "protocols/imap/view/recent_uids.hpp"
#include "storage/types.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hauspost::imap {

/// The selected mailbox of one session: what the client was told of it so far.
struct selected_mailbox {
    storage::mailbox_key key;
    std::string name;  // as last seen; another session may rename it
    bool read_only = false;
    bool is_examined = false;
    std::uint32_t rights = mail::rights::all;  // of this user, as last seen
    mailbox_view view;
    recent_uids recent;                 // none after ENABLE IMAP4rev2
    std::vector<std::string> keywords;  // keyword number n is keywords[n]
    uid uid_next;                       // as the view knows it
    modseq synced;                      // all changes up to here were told, but held expunges
    /// session_state::heard before the store was last asked for what changed: as long as that is
    /// the same nothing has. nullopt: not asked yet, or to be asked anyhow.
    std::optional<std::uint64_t> heard;
    modseq complete;                   // all changes up to here were told, expunges too
    std::optional<modseq> flags_told;  // changes of flags up to here alone; nullopt: as `synced`
    /// Later changes that this session made and already told; ascending.
    std::vector<modseq> own;
    /// What `$` stands for (RFC 5182): UIDs that no message of the view lies between. What was
    /// expunged drops out when the ranges are looked up in the view.
    number_ranges saved;
    std::vector<live_search> live;

    /// Neither EXAMINE nor missing rights forbid it.
    [[nodiscard]] bool may(std::uint32_t all_of) const noexcept {
        return !read_only && (rights & all_of) == all_of;
    }
    /// Flags that this session may change.
    [[nodiscard]] mail::flag_mask changeable() const noexcept;

    [[nodiscard]] bool is_own(modseq change) const noexcept;
    /// A change of our own was told. When nobody else changed anything since `synced` (numbers
    /// grow by at least one with each commit), nothing is left to be told before it.
    void note_own(modseq change);
    /// Makes `$` stand for these. uids: ascending
    void save(std::span<const uid> uids);
    /// All up to `change` was told.
    void note_synced(modseq change);
};

/// Those of the messages in `ranges` that are on the page. RFC 9394 3.3
[[nodiscard]] mail::uid_ranges page_of(const mailbox_view& view,
                                       const mail::uid_ranges& ranges,
                                       const page_range& page);
/// Takes all but the `most` highest of `messages` out (0: none). The lowest UID that is left;
/// nullopt: nothing was taken out. RFC 9738
[[nodiscard]] std::optional<uid> keep_highest(const mailbox_view& view,
                                              mail::uid_ranges& messages,
                                              std::uint32_t most);
/// Flags that somebody with these rights may set and clear (RFC 4314 4).
[[nodiscard]] mail::flag_mask to_flag_mask(std::uint32_t rights) noexcept;

/// Takes the ranges that hold the first `messages` messages off the front of `ranges`.
[[nodiscard]] mail::uid_ranges take_slice(const mailbox_view& view,
                                          std::span<mail::uid_range>& ranges,
                                          std::uint32_t messages);

}  // namespace hauspost::imap
