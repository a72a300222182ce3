#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/grammar/search_options.hpp"
#include "protocols/imap/session/core/pace.hpp"
#include "protocols/imap/session/core/replies.hpp"
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

namespace hauspost::query {
class index_filter;
}

namespace hauspost::imap {

class connection;

/// The mailbox that is searched: the selected one or, for ESEARCH, any other. Borrows all.
struct search_scope {
    const storage::mailbox_key& key;
    const mailbox_view& view;
    const std::vector<std::string>& keywords;
    const number_ranges& saved;  // what `$` stands for
    const recent_uids& recent;
};

/// How well messages match a fuzzy search, 1..100. RFC 6203 4
struct search_scores {
    std::vector<std::pair<uid, std::uint8_t>> rows;  // ascending; others match whole
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
/// and a search ends after session_config::search_timeout (B06).
class search_run {
public:
    search_run(connection& session, const search_scope& where, query::search_program program);

    /// Looks at these messages alone. Call before run().
    void only_in(mail::uid_ranges ranges) { within_ = std::move(ranges); }
    /// Looks at so many messages at most, the highest UIDs. RFC 9738; call before run()
    void look_at_most(std::uint32_t messages) noexcept { most_ = messages; }
    /// The lowest UID that was looked at; nullopt: all were.
    [[nodiscard]] std::optional<uid> lowest() const noexcept { return lowest_; }
    /// The time limit counts from here, for commands that search several times.
    void count_from(std::chrono::steady_clock::time_point began) noexcept {
        began_ = began;
        pace_.count_from(began);
    }

    /// nullopt: done, found() tells.
    awaitable<std::optional<answer>> run();
    /// Did it miss messages of the view, because another session has expunged them?
    [[nodiscard]] bool is_short() const noexcept { return missing_ > 0; }
    /// Ascending.
    [[nodiscard]] const std::vector<uid>& found() const noexcept { return found_; }
    [[nodiscard]] const search_modseqs& modseqs() const noexcept { return modseqs_; }
    [[nodiscard]] const search_scores& scores() const noexcept { return scores_; }

private:
    [[nodiscard]] mail::uid_ranges ranges() const;
    awaitable<std::optional<answer>> narrow(mail::uid_ranges& ranges);  // search_narrow.cpp
    void note_likeness(const query::index_filter& filter, const storage::message_view& message);
    awaitable<result<uid>> walk(std::span<const mail::uid_range> ranges);
    void keep(const storage::message_view& message);
    void look_at(std::uint32_t sequence, const storage::message_view& message);
    /// Reads those messages that the walk left open. An answer: why that could not be done.
    awaitable<std::optional<answer>> decide_open();
    /// Lets others run when it is time. An answer: the search took too long.
    awaitable<std::optional<answer>> give_way();

    connection& session_;
    search_scope scope_;
    std::optional<mail::uid_ranges> within_;
    query::search_program program_;
    query::search_cost cost_;
    bool tells_modseq_;
    query::search_candidate candidate_;
    std::vector<query::open_question> open_;
    std::size_t open_octets_ = 0;
    std::vector<uid> found_;
    std::uint32_t looked_at_ = 0;  // sequence number
    std::uint32_t most_ = 0;       // 0: no limit
    std::uint32_t to_meet_ = 0;    // messages of the view that the walk has still to come by
    std::uint32_t missing_ = 0;    // that it did not come by
    std::optional<uid> lowest_;
    search_modseqs modseqs_;
    search_scores scores_;
    pace pace_;
    std::chrono::steady_clock::time_point began_;
};

}  // namespace hauspost::imap
