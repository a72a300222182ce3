#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/grammar/search_options.hpp"
#include "protocols/imap/session/core/context.hpp"
#include "protocols/imap/session/core/or_answer.hpp"
#include "protocols/imap/session/core/pace.hpp"
#include "protocols/imap/view/mailbox_view.hpp"
#include "protocols/imap/view/recent_uids.hpp"
#include "protocols/query/run/search_candidate.hpp"
#include "protocols/query/run/search_job.hpp"
#include "protocols/query/search.hpp"
#include "storage/types.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::imap {

/// The mailbox that is searched: the selected one or, for ESEARCH, any other. Whoever makes it
/// keeps what it points to until the search is over.
struct search_scope {
    storage::mailbox_key key;
    const mailbox_view* view;
    const std::vector<std::string>* keywords;
    const number_ranges* saved;  // what `$` stands for
    const recent_uids* recent;
};

/// The selected mailbox. Precondition: there is one, and it stays selected.
[[nodiscard]] search_scope scope_of(const selected_mailbox& box) noexcept;

/// What of the mailbox a search looks at, and for how long.
struct search_bounds {
    std::optional<mail::uid_ranges> within;  // these messages alone; nullopt: all
    std::uint32_t most = 0;                  // of them the highest UIDs (RFC 9738); 0: no limit
    std::optional<steady_time> began;        // the time limit counts from here; nullopt: from now
};

/// How well messages match a fuzzy search, 1..100. RFC 6203 4
struct search_scores {
    std::vector<std::pair<uid, std::uint8_t>> rows;  // ascending when the search is over; others
                                                     // match whole
    [[nodiscard]] std::uint8_t of(uid message) const noexcept;
};

/// Of the messages that a search with a MODSEQ key found; else empty.
struct search_modseqs {
    std::vector<std::pair<uid, modseq>> rows;
    /// The highest one of what the options tell, 0 when there is none. RFC 7162 3.1.6, RFC 4731 3.2
    /// first, last  what MIN and MAX tell, if they do
    [[nodiscard]] modseq highest(const search_options& options, uid first, uid last) const;
};

/// One SEARCH on its way. A walk over flags and rows settles what it can; only messages that it
/// leaves open are read, header first. Others on the thread get their turn every few milliseconds,
/// and a search ends after session_config::search_timeout, however much it may still have to read.
class search_run {
public:
    search_run(context& session,
               const search_scope& where,
               query::search_program program,
               search_bounds bounds);

    /// Then found() and the others tell.
    awaitable<or_answer<>> run();
    /// The lowest UID that was looked at; nullopt: all were.
    [[nodiscard]] std::optional<uid> lowest() const noexcept { return lowest_; }
    /// Did it miss messages of the view, because another session has expunged them?
    [[nodiscard]] bool is_short() const noexcept { return missing_ > 0; }
    /// Ascending.
    [[nodiscard]] const std::vector<uid>& found() const noexcept { return found_; }
    [[nodiscard]] const search_modseqs& modseqs() const noexcept { return modseqs_; }
    [[nodiscard]] const search_scores& scores() const noexcept { return scores_; }

private:
    [[nodiscard]] mail::uid_ranges ranges() const;
    awaitable<or_answer<>> narrow(mail::uid_ranges& ranges);  // search_narrow.cpp
    awaitable<error_code> walk(storage::message_cursor& rows);
    void keep(const storage::message_view& message, std::uint8_t likeness);
    void look_at(std::uint32_t sequence, const storage::message_view& message);
    /// Reads those messages that the walk left open.
    awaitable<or_answer<>> decide_open();
    /// Lets others run when it is time.
    awaitable<or_answer<>> give_way();

    context& session_;
    search_scope scope_;
    search_bounds bounds_;
    query::search_program program_;
    query::search_cost cost_;
    bool tells_modseq_;
    query::search_candidate candidate_;
    std::vector<query::open_question> open_;
    std::size_t open_octets_ = 0;
    std::vector<uid> found_;
    std::uint32_t looked_at_ = 0;  // sequence number
    std::uint32_t to_meet_ = 0;    // messages of the view that the walk has still to come by
    std::uint32_t missing_ = 0;    // that it did not come by
    std::optional<uid> lowest_;
    search_modseqs modseqs_;
    search_scores scores_;
    steady_time began_;
    pace pace_;
};

}  // namespace hauspost::imap
