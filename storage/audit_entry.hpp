#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Values of the audit log: what was done to the server, by whom.
namespace hauspost::storage {

enum class audit_actor : std::uint8_t {
    command_line = 1,
    owner = 2,  // at his page
    setup = 3,  // who came with the set-up link
    server = 4,
};
inline constexpr audit_actor last_audit_actor = audit_actor::server;

enum class audit_end : std::uint8_t {
    unknown = 0,  // it was begun: it may have been done, or not
    done = 1,
    refused = 2,  // and yet something may have changed
};
inline constexpr audit_end last_audit_end = audit_end::refused;

/// Where an entry stands: they are in the order in which they were written.
struct audit_place {
    std::uint64_t microseconds = 0;  // Unix time
    std::uint32_t number = 0;
    friend auto operator<=>(const audit_place&, const audit_place&) = default;
};

/// Texts are cut by the store to what a row may hold. Never a password or another secret.
struct audit_entry {
    audit_entry() = default;
    audit_place place;  // given by the store
    audit_actor who = audit_actor::command_line;
    audit_end end = audit_end::unknown;
    std::string from;     // network address of a browser; "uid 0" of a command line
    std::string command;  // "account add"
    std::string subject;  // address, domain, number
    std::string reason;   // of a refusal: its code
    // What of the subject is another now, as JSON objects; "": nothing is told.
    std::string before;
    std::string after;

    static constexpr std::size_t max_word_octets = 64;  // from, command, reason
    static constexpr std::size_t max_subject_octets = 320;
    static constexpr std::size_t max_change_octets = 600;  // before, after
};

/// Which entries are wanted: all that is not empty has to fit.
struct audit_query {
    audit_query() = default;
    std::optional<audit_place> before;  // older ones than this
    std::int64_t since = 0;             // Unix seconds
    std::int64_t until = INT64_MAX;     // Unix seconds
    std::string word;                   // in any text of it, in any case
    std::string subject;                // the whole of it, in any case
    std::size_t most = 50;
};

struct audit_page {
    audit_page() = default;
    std::vector<audit_entry> entries;  // newest first
    std::optional<audit_place> next;   // nullopt: there are no more
};

}  // namespace hauspost::storage
