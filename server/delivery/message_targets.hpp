#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "protocols/smtp/server/envelope.hpp"
#include "server/delivery/delivery_history.hpp"
#include "server/delivery/reverse_paths.hpp"
#include "server/delivery/routing.hpp"
#include "server/delivery/taken_message.hpp"
#include "storage/delivery_store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace hauspost::delivery {

/// Who gets one message: the copies in mailboxes and the rows of the queue that its recipients' routes
/// come to, each account and each address once.
///
/// Calling sequence: add(...) for each recipient, put_in_front() where it is signed, move_into().
///
/// Lifetime: all that is passed in must outlive this object. One coroutine at a time.
class message_targets {
public:
    /// paths  null: forwards leave with the reverse-path of the envelope
    message_targets(const taken_message& message, reverse_paths* paths)
        : message_(message), paths_(paths) {}

    /// name     of the recipient, by recipient_routes::name_of
    /// found    its route, which leads somewhere
    /// Refuses  as reverse_paths::rewrite
    awaitable<error_code> add(const smtp::envelope_recipient& recipient,
                              storage::mail_address name,
                              message_routes::found found);

    /// Somebody gets it.
    [[nodiscard]] bool any() const noexcept { return !local_.empty() || is_leaving(); }
    /// It goes to other servers as well, now or when its time comes.
    [[nodiscard]] bool is_leaving() const noexcept { return !remote_.empty() || relayed_; }
    /// What it has left here before was not sent on again.
    [[nodiscard]] bool is_loop() const noexcept { return is_loop_; }
    [[nodiscard]] const delivery_history& history() const noexcept { return history_; }

    /// Of all that leaves: right before its octets, behind what else is put in front of a copy.
    void put_in_front(std::string_view fields);

    /// Into `local` and `remote`; nothing is left here but the history.
    void move_into(storage::delivery_request& request);

private:
    void add_local(const storage::account& account, const storage::mail_address& name);
    awaitable<error_code> add_forwarded(const smtp::envelope_recipient& recipient,
                                        const storage::mail_address& name,
                                        const route& way);
    void add_relayed(const smtp::envelope_recipient& recipient, const storage::mail_address& name);
    void hold_back(const smtp::envelope_recipient& recipient, const storage::mail_address& name);
    void note_success(const smtp::envelope_recipient& recipient, const storage::mail_address& name);
    [[nodiscard]] storage::queue_item new_item(std::string prefix) const;

    const taken_message message_;
    reverse_paths* const paths_;
    std::vector<storage::local_copy> local_;
    std::vector<storage::queue_item> remote_;     // of aliases and forwards, one each
    std::optional<storage::queue_item> relayed_;  // recipients of other domains
    std::optional<storage::queue_item> arrived_;  // recipients here, of which the sender is to hear
    std::unordered_set<account_id> served_;
    std::unordered_set<storage::mail_address> sent_on_;
    bool is_loop_ = false;
    delivery_history history_;
};

}  // namespace hauspost::delivery
