#pragma once

#include "server/delivery/owner_report.hpp"
#include "server/delivery/routing.hpp"
#include "storage/types.hpp"

#include <string_view>
#include <vector>

namespace hauspost::delivery {

/// Where each recipient of one message went, for the log and the trace: gathered while it is routed,
/// written when it is on stable storage.
class delivery_history {
public:
    struct target {
        storage::mail_address name;
        account_id account;  // of a local one
        route_reason why;
    };
    struct entry {
        storage::mail_address recipient;
        storage::mail_address arrival;
        bool is_known = false;  // an earlier one arrived there; nothing below is set then
        std::vector<target> local;
        std::vector<target> remote;
        std::vector<lost_target> lost;
        bool is_loop_cut = false;
        bool has_come_back = false;
    };

    /// arrival        as message_routes::found has it
    /// has_come_back  the remote targets got nothing, because the message has been there already
    void add(storage::mail_address recipient,
             storage::mail_address arrival,
             route to,
             bool has_come_back);
    /// The recipient arrives where an earlier one did.
    void same_place(storage::mail_address recipient, storage::mail_address arrival);

    /// One "deliver" line for each recipient (more when it has many targets), "queue" for what
    /// leaves, a warning for each target that gets nothing.
    void log(std::string_view id) const;

    [[nodiscard]] const std::vector<entry>& entries() const noexcept { return entries_; }

    /// For the owner: by the address where mail arrived.
    [[nodiscard]] std::vector<lost_mail> lost() const;

private:
    std::vector<entry> entries_;
};

/// no_such_user, account_disabled, ... for the log.
[[nodiscard]] std::string_view word_for(smtp::recipient_verdict verdict) noexcept;

}  // namespace hauspost::delivery
