#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/search.hpp"
#include "protocols/imap/session/replies.hpp"
#include "protocols/imap/session/search_candidate.hpp"
#include "storage/types.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hauspost::imap {

class connection;

/// One SEARCH on its way. A walk over flags and rows settles what it can; only messages that it
/// leaves open are read, header first. Others on the thread get their turn every few milliseconds,
/// and a search ends after session_config::search_timeout (B06).
class search_run {
public:
    search_run(connection& session, search_program program);

    /// nullopt: done, found() tells.
    awaitable<std::optional<answer>> run();
    /// Ascending.
    [[nodiscard]] const std::vector<uid>& found() const noexcept { return found_; }

private:
    /// A message that the walk could not decide, with all that its decision needs.
    struct open_question {
        std::uint32_t sequence = 0;
        storage::message_view view;
        std::vector<std::uint16_t> extra_keywords;
        std::string prefix;
        std::string summary;
    };

    [[nodiscard]] storage::uid_ranges ranges() const;
    awaitable<result<uid>> walk(std::span<const storage::uid_range> ranges);
    void look_at(std::uint32_t sequence, const storage::message_view& message);
    awaitable<error_code> decide(open_question& question);
    awaitable<result<search_verdict>> judge(search_cost up_to, std::size_t octets);
    awaitable<result<search_verdict>> judge_header(open_question& question);
    awaitable<result<search_verdict>> judge_body(open_question& question);
    awaitable<error_code> append_blob(std::string& into,
                                      blob_id blob,
                                      std::uint64_t offset,
                                      std::uint64_t count);
    /// Lets others run when it is time. An answer: the search took too long.
    awaitable<std::optional<answer>> give_way();

    connection& session_;
    search_program program_;
    search_cost cost_;
    std::size_t texts_;
    search_candidate candidate_;
    std::vector<open_question> open_;
    std::size_t open_octets_ = 0;
    std::size_t header_octets_ = 0;
    std::vector<uid> found_;
    std::chrono::steady_clock::time_point began_;
};

}  // namespace hauspost::imap
