#pragma once

#include "admin/api/answer.hpp"
#include "admin/api/pictures.hpp"
#include "admin/api/sentences.hpp"
#include "admin/caller.hpp"
#include "admin/owner.hpp"
#include "admin/ports.hpp"
#include "base/awaitable.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::admin::api {

inline constexpr std::size_t max_request_octets = 256 * 1024;
inline constexpr std::size_t max_answer_octets = 16 * 1024 * 1024;

/// One argument of a command.
struct argument {
    enum class kind : std::uint8_t {
        text,
        texts,    // a list
        number,   // not negative
        octets,   // a number; typed as "2 GiB"
        seconds,  // a number; typed as "2h"
        yes,      // true or false; typed as a flag that makes it false
        flag,     // the same; typed as a flag that makes it true, and false when it is missing
        on_off,   // true or false; typed as "on" or "off"
        secret,   // a text that is never typed on a command line, nor logged
        code,     // a text that is typed and never logged
    };
    const char* key = "";  // in the request
    kind of = kind::text;
    bool required = false;
    const char* typed = "";  // on the command line: "--name", or "address" where its place says
                             // what it is; empty: it is not typed
    const char* help = "";
};

/// How the result of a command is shown to people.
enum class shape : std::uint8_t {
    done,      // one line, and the password when there is one
    list,      // a table with a row for each entry
    fields,    // a line for each field
    queued,    // the same, and for each recipient
    zone,      // lines of a zone file, or what the DNS says of each
    steps,     // of a test, a line each, with what to do
    renamed,   // what becomes of the old address
    expunged,  // how many messages it was
    returned,  // the same, and where they are
    trace,     // messages, or all steps of one
    report,    // of a check
    restart,   // that the server is to be started anew
    link,      // what a browser is to open
    codes,     // a line for each
    overview,  // whether mail works, in some lines
};

class arguments;

struct context {
    ports& at;
    const places& named;
    const caller& who;
    /// Where a session goes that a browser goes on with; null: nobody takes it.
    std::optional<opened_session>* opened = nullptr;
};

/// Who may run a command. There are no other limits: nothing gives anybody a right.
enum class offered : std::uint8_t {
    everywhere,
    on_console,  // of the machine, not at the owner's page
    at_page,     // never typed
};

/// One command, with all that any transport has to know about it.
struct command {
    using handler = awaitable<answer> (*)(const context& with, const arguments& given);

    const char* name = "";  // "account add"
    const char* help = "";
    handler run = nullptr;
    std::vector<argument> takes = {};
    shape shown_as = shape::done;
    const char* list = "";                  // of shape::list: the field with the entries
    std::vector<const char*> columns = {};  // and those of their fields that are shown
    bool only_looks = false;      // leaves no line in the log, nor an entry in the audit log
    bool removes = false;         // asked about first at a terminal
    bool wants_any = false;       // with required arguments alone there is nothing to do
    bool makes_store = false;     // the one that a new store begins with
    picture sees = nullptr;       // what the audit log compares; null: nothing
    const char* tells = nullptr;  // an argument that it holds when the command is done; null: none
    bool may_only_look = false;   // without a change it leaves no entry in the audit log
    offered to = offered::everywhere;
    bool in_setup = false;  // also for who came with the set-up link
};

/// All commands, in the order in which help shows them.
[[nodiscard]] const std::vector<command>& commands();
/// Null when there is none of that name.
[[nodiscard]] const command* find_command(std::string_view name);

/// Runs one request of the form
///   {"command": "account add", "address": "anna@example.test", "password": "..."}
///
/// Never throws for what stands in the request. An unknown command, and an argument that is missing
/// or of a wrong kind, are refusals; what a command does not take is passed over.
///
/// This is the one place where the audit log is written: an entry is begun before the command is,
/// and completed with what is another afterwards. Only what is refused and has changed nothing leaves
/// none.
///
/// named   outlives the run, as `opened` does
/// who     none: the command line
/// opened  set where a browser has to go on with another session than before
awaitable<answer> run(ports& at,
                      const places& named,
                      json::object request,
                      caller who,
                      std::optional<opened_session>* opened = nullptr);
awaitable<answer> run(ports& at, const places& named, json::object request);

}  // namespace hauspost::admin::api
