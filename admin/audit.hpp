#pragma once

#include "admin/caller.hpp"
#include "admin/ports.hpp"
#include "admin/refusal.hpp"
#include "storage/audit_entry.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::admin {

/// An entry about what somebody is about to do.
[[nodiscard]] storage::audit_entry audit_of(const caller& who,
                                            std::string command,
                                            std::string subject);

struct audit_request {
    audit_request() = default;
    std::string filter;   // a word of any text of an entry
    std::string subject;  // an address, a domain; the whole of it
    // As for trace_mail (admin/trace.hpp).
    std::string since;
    std::string until;
    std::string after;  // audit_list::more of the page before
    std::optional<std::uint64_t> limit;
};
struct audit_list {
    audit_list() = default;
    std::vector<storage::audit_entry> entries;  // newest first
    std::string more;                           // empty: there are no older ones
};
awaitable<outcome<audit_list>> list_audit(ports& at, audit_request wanted);

}  // namespace hauspost::admin
