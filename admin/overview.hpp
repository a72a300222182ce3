#pragma once

#include "admin/machine.hpp"
#include "admin/ports.hpp"
#include "storage/audit_entry.hpp"
#include "storage/traffic.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::admin {

/// Something that the owner should do something about.
struct alarm {
    enum class kind : std::uint8_t {
        disk,               // number: octets that are free
        account_spamming,   // subject: who; since: when sending was paused
        account_full,       // subject: whose mail; number: percent
        dns_changed,        // subject: domain; other: kinds of records; number: how many
                            // since: when they were right
        certificate,        // number: days left
        queue_old,          // number: messages that have waited for more than four hours
        mass_deletion,      // subject: whose mail; other: the program; number: how many
        forward_suspended,  // subject: who sends on; other: the target; number: how many there are
        no_second_factor,
    };
    enum class level : std::uint8_t { bad, warn, info };

    alarm() = default;
    alarm(kind what, level how) noexcept : of(what), how_bad(how) {}

    kind of = kind::disk;
    level how_bad = level::info;
    std::string subject;
    std::string other;
    std::uint64_t number = 0;
    std::int64_t since = 0, until = 0;  // Unix seconds; until: of a deletion
};

/// Whether mail works, at a glance.
struct overview {
    overview() = default;
    std::int64_t at = 0;
    storage::traffic today;                      // since the time that was asked for
    std::vector<storage::hourly_traffic> hours;  // of the last 31 days, those that had any
    std::uint64_t waiting = 0;                   // messages in the queue
    bool sends_mail = false;                     // to other servers
    bool has_domain = false;
    bool has_account = false;
    std::optional<machine_figures> machine;  // nullopt: too much work waits for its turn
    std::optional<storage::audit_entry> last_change;
    std::vector<alarm> alarms;  // the worst first
};

/// since  Unix seconds: when the day of who asks began
awaitable<overview> look_over(ports& at, std::int64_t since);

}  // namespace hauspost::admin
