#pragma once

#include "base/sha256.hpp"
#include "storage/audit_entry.hpp"

#include <string>

namespace hauspost::admin {

/// Who asks for something. There are no roles: whoever has a shell on the machine may do all by the
/// command line, the owner nearly all at his page, and who comes with the set-up link may become him.
struct caller {
    caller() = default;
    storage::audit_actor who = storage::audit_actor::command_line;
    std::string from;         // network address of the browser; "uid 0" of a command line
    std::string agent;        // of the browser: what it calls itself
    sha256_digest session{};  // of the browser: the key of its session

    [[nodiscard]] bool is_browser() const noexcept {
        return who == storage::audit_actor::owner || who == storage::audit_actor::setup;
    }
};

}  // namespace hauspost::admin
