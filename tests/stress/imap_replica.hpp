#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::test {

using flag_set = std::set<std::string>;

/// What an IMAP client believes of the mailbox it has selected, built from nothing but the lines
/// that the server sends (RFC 9051 7, RFC 7162 3.2.10). Throws std::runtime_error as soon as a line
/// contradicts what was said before: a sequence number out of range, UIDs out of order, an EXPUNGE
/// where none may come, a FETCH whose UID is another's, a modseq that goes back.
class imap_replica {
public:
    struct message {
        std::uint32_t uid = 0;  // 0: not told yet
        bool has_flags = false;
        flag_set flags;
        std::uint64_t modseq = 0;
        std::string subject;  // when an ENVELOPE told
    };

    /// A new SELECT: all that was known is gone, but for what a QRESYNC client keeps.
    void begin_select();
    /// What was known by UID stands beside the new view until the server has told what differs.
    void begin_resync();
    /// The answer of that SELECT was applied: every message is one of those kept, or was told.
    void end_resync();
    /// Takes over the lines of one command's answer.
    /// may_expunge  false: RFC 9051 7.5.1 forbids EXPUNGE and VANISHED in it
    void apply(std::string_view output, bool may_expunge);
    /// The numbers that the last apply() found in SEARCH lines.
    [[nodiscard]] const std::vector<std::uint32_t>& found() const { return found_; }
    [[nodiscard]] const std::vector<message>& view() const { return view_; }
    /// The client's own .SILENT changes are for it to enter.
    [[nodiscard]] std::vector<message>& view_for_silent_store() { return view_; }
    [[nodiscard]] std::uint64_t highest_modseq() const { return highest_modseq_; }
    [[nodiscard]] std::uint32_t validity() const { return validity_; }
    /// Sequence numbers whose UID or flags the client was not told yet.
    [[nodiscard]] bool has_unknown() const;
    /// The state that a client keeps on its own disk.
    [[nodiscard]] std::map<std::uint32_t, message> by_uid() const;

private:
    void apply_line(std::string_view line, bool may_expunge);
    void apply_fetch(std::uint32_t sequence, std::string_view items);
    void expunge(std::uint32_t sequence);
    void vanish(std::string_view set, bool earlier);
    void grow(std::uint32_t count);
    void apply_codes(std::string_view line);

    std::vector<message> view_;
    std::vector<std::uint32_t> found_;
    std::uint64_t highest_modseq_ = 0;
    // Of FETCH lines: counts once the server could have told expunges too (RFC 7162 3.2.5.1), else
    // a resynchronisation would miss those.
    std::uint64_t seen_modseq_ = 0;
    std::uint32_t validity_ = 0;
    std::map<std::uint32_t, message> kept_;  // of the session before, while resynchronising
};

/// "1:3,5" -> 1 2 3 5.
[[nodiscard]] std::vector<std::uint32_t> numbers_of(std::string_view set);
/// The number behind a word: number_after("OK [APPENDUID 7 9]", "APPENDUID ") is 7; 0: none.
[[nodiscard]] std::uint64_t number_after(std::string_view text, std::string_view word);

}  // namespace hauspost::test
