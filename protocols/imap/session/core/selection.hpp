#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/grammar/sequence_set.hpp"
#include "protocols/imap/session/core/context.hpp"
#include "protocols/imap/session/core/or_answer.hpp"
#include "storage/types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What commands have to do with the selected mailbox. Precondition where nothing else is said:
/// there is one.
namespace hauspost::imap {

/// The messages that a client names. An answer: a sequence number beyond the mailbox.
[[nodiscard]] or_answer<mail::uid_ranges> messages_of(const context& session,
                                                      const sequence_set& set,
                                                      bool by_uid);

/// What flags there are and which of them may be changed: "* FLAGS" and PERMANENTFLAGS.
void tell_flag_words(context& session);
/// Takes over the keywords that the mailbox has now, and tells new ones.
void take_keywords(context& session, std::vector<std::string> now);
/// Another session may just have made a keyword. Flags that are read with an older table would lack
/// it; so what names keywords asks for the table first.
awaitable<void> refresh_keywords(context& session);
/// Takes over the user's rights as they are now, and tells what they change (RFC 4314 5.1.1).
void take_rights(context& session, std::uint32_t rights);

/// "* VANISHED [(EARLIER)] ...", in lines that any client can take. False: the client is lost.
/// RFC 7162 3.2.10
awaitable<bool> tell_vanished(context& session, const mail::uid_ranges& uids, bool earlier);
/// What went after `since`, of `asked`, in VANISHED (EARLIER) lines. RFC 7162 3.2.5, 3.2.6
/// matched  up to here nothing went that the client does not know of; 0: not known
awaitable<or_answer<>> tell_earlier(context& session,
                                    modseq since,
                                    number_ranges asked,
                                    uid matched);
/// From here on FETCH lines tell the MODSEQ.
/// tells_highest  of the selected mailbox, when it was not enabled before: the client counts with
///                what it has been told (RFC 7162 3.1)
void enable_condstore(context& session, bool tells_highest);
/// "* OK [HIGHESTMODSEQ 7]".
void tell_highest_modseq(context& session, modseq value);

/// Does the mailbox have messages that are \Recent in this session? RFC 9051 Appendix E has none
/// any more, so a session that speaks rev2 leaves them to the first other one that hears of them.
[[nodiscard]] bool may_be_recent(const context& session,
                                 const storage::mailbox_counters& now) noexcept;
/// "* 2 RECENT", for those who expect it.
void tell_recent(context& session);
/// What no session has seen yet is \Recent in this one, and unless it only EXAMINEs in no other one
/// from now on. RFC 3501 2.3.2
awaitable<void> claim_recent(context& session,
                             selected_mailbox& box,
                             const storage::mailbox_counters& now);

// --- RFC 9738: a command on too many messages does its work on those with the highest UIDs alone,
// --- for the newest mail is what people look at, and says so.

/// Takes the lower ones out of `messages`. The lowest UID that is left; nullopt: none was taken.
[[nodiscard]] std::optional<uid> keep_to_limit(const context& session, mail::uid_ranges& messages);
/// `end`, which says where the command stopped; RFC 9738 3.1: an answer has room for one code only.
[[nodiscard]] answer with_limit(context& session, answer end, std::optional<uid> lowest);
/// Instead of a command that would be of no use for some of its messages.
[[nodiscard]] answer over_limit(const context& session, std::optional<uid> lowest);

/// `end`; when it left out messages that another session has expunged, it says so. Of the codes
/// that it may have besides, one finds room in it (RFC 5530 3).
[[nodiscard]] answer with_left_out(context& session, answer end, bool is_short);

}  // namespace hauspost::imap
