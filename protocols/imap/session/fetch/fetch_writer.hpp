#pragma once

#include "protocols/imap/grammar/command.hpp"
#include "protocols/imap/response/flag_writer.hpp"
#include "protocols/imap/session/core/enabled.hpp"
#include "protocols/imap/view/recent_uids.hpp"
#include "storage/types.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::imap {

/// How a session's FETCH lines look, whatever they tell.
struct fetch_style {
    bool tells_modseq = false;  // RFC 7162 3.1: in every line
    bool tells_uid = false;     // RFC 7162 3.2.4: in every line
    bool uid_only = false;      // RFC 9586 3.3: "* 7 UIDFETCH ("
    bool is_utf8 = false;       // RFC 9755: envelopes and texts in UTF-8
};

[[nodiscard]] inline fetch_style style_of(const enabled_set& enabled) noexcept {
    return {enabled.condstore, enabled.qresync && !enabled.uid_only, enabled.uid_only,
            enabled.utf8};
}

/// Writes FETCH lines out of what a walk shows, without looking at any message's octets.
///
/// Lifetime: borrows all but the style; the keyword table may only grow meanwhile.
class fetch_writer {
public:
    fetch_writer(std::string& out,
                 const fetch_items& items,
                 const std::vector<std::string>& keywords,
                 const recent_uids& recent,
                 fetch_style style)
        : out_(out), items_(items), recent_(recent), style_(style), flags_(keywords) {}

    /// A whole line.
    void line(std::uint32_t sequence, const storage::message_view& message);
    /// "* 12 FETCH (UID 7 ..." as far as no octets of the message are asked for. A space
    /// is due before what follows when this returns true.
    /// with_flags  also when they were not asked for
    [[nodiscard]] bool begin(std::uint32_t sequence,
                             const storage::message_view& message,
                             bool with_flags = false);
    void end() { out_ += ")\r\n"; }

    /// "* 12 FETCH (UID 7 FLAGS (...) MODSEQ (9))": for STORE. At least one of the flags and the
    /// MODSEQ has to be told.
    void flags_line(std::uint32_t sequence,
                    const storage::message_flags& message,
                    bool with_uid,
                    bool with_flags);

private:
    void space();
    void extensions(const storage::message_view& message);
    void head(std::uint32_t sequence, uid id, bool with_uid);
    void modseq(hauspost::modseq value);

    std::string& out_;
    const fetch_items& items_;
    const recent_uids& recent_;
    fetch_style style_;
    flag_writer flags_;
    bool is_first_ = true;
};

}  // namespace hauspost::imap
