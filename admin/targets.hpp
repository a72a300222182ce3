#pragma once

#include "admin/ports.hpp"
#include "admin/refusal.hpp"
#include "base/awaitable.hpp"

#include <string>
#include <vector>

namespace hauspost::admin {

using storage::max_targets;  // of one alias or forward

/// Targets that may not be what their administrator expects; canonical.
struct target_doubts {
    target_doubts() = default;
    std::vector<std::string> missing;  // nobody here has that address (yet)
    std::vector<std::string> outside;  // of another server
    bool must_wait = false;            // what is for `outside`: mail is not sent
};

/// An account or alias whose mail goes on now.
struct led_on {
    led_on() = default;
    std::string address;
    target_doubts doubts;
    bool is_catchall = false;  // an alias that is a catch-all by its name
};

struct target_list {
    target_list() = default;
    std::vector<std::string> addresses;  // canonical, each once
    target_doubts doubts;
};

/// Checks where `source` shall go on to: at least one, at most max_targets, not `source` itself.
awaitable<outcome<target_list>> check_targets(ports& at,
                                              std::string source,
                                              std::vector<std::string> typed);

/// Notes a canonical address among the doubts when there is reason to.
awaitable<void> judge_target(ports& at, std::string target, target_doubts& found);

/// An account or alias `catchall@domain` gets all mail of its domain that is addressed to nobody
/// else.
[[nodiscard]] bool is_catchall_name(const std::string& address);

}  // namespace hauspost::admin
