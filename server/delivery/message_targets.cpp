#include "server/delivery/message_targets.hpp"

#include "base/address.hpp"
#include "protocols/smtp/esmtp_params.hpp"
#include "protocols/smtp/path.hpp"

#include <utility>

namespace hauspost::delivery {
namespace {

// To so many at once nobody writes a letter: who writes to few goes before it.
constexpr std::size_t bulk_recipients = 50;

void add_recipient(storage::queue_item& item,
                   const smtp::envelope_recipient& recipient,
                   const storage::mail_address& target,
                   const storage::mail_address& by = {}) {
    storage::queue_recipient to;
    to.to = target;
    to.original = recipient.original;
    to.notify = recipient.notify;
    to.due_at = item.begins_at();
    to.forwarded_by = by;
    item.recipients.push_back(std::move(to));
}

}  // namespace

awaitable<error_code> message_targets::add(const smtp::envelope_recipient& recipient,
                                           storage::mail_address name,
                                           message_routes::found found) {
    if (message_.envelope.release_at > message_.arrived_at) {
        hold_back(recipient, name);
        co_return error_code();
    }
    if (found.is_known) {
        history_.same_place(std::move(name), std::move(found.arrival));
        co_return error_code();
    }
    const auto& way = found.to;
    for (const auto& account : way.local)
        if (served_.insert(account.id).second) add_local(account, name);
    if (!way.local.empty()) note_success(recipient, name);
    const bool is_relayed = way.remote.size() == 1 && way.remote.front() == name;
    // It left here by this address and came back. Only what leads away again is cut: a copy in
    // a mailbox ends every loop, and a resent message carries old Delivered-To too.
    const bool came_back =
        !way.remote.empty() && !is_relayed && message_.header.was_delivered_to(name);
    if (is_relayed) {
        add_relayed(recipient, name);
    } else if (!came_back) {
        auto adding = add_forwarded(recipient, name, way);
        const auto failed = co_await std::move(adding);
        if (failed) co_return failed;
    }
    is_loop_ = is_loop_ || came_back;
    history_.add(std::move(name), std::move(found.arrival), std::move(found.to), came_back);
    co_return error_code();
}

void message_targets::put_in_front(std::string_view fields) {
    for (auto& item : remote_)
        item.prefix += fields;
    if (relayed_) relayed_->prefix += fields;
}

void message_targets::move_into(storage::delivery_request& request) {
    request.local = std::move(local_);
    request.remote = std::move(remote_);
    if (relayed_) request.remote.push_back(std::move(*relayed_));
    if (arrived_) request.remote.push_back(std::move(*arrived_));
}

void message_targets::add_local(const storage::account& account,
                                const storage::mail_address& name) {
    const auto& envelope = message_.envelope;
    storage::local_copy copy;
    copy.account = account.id;
    copy.prefix = copy_prefix(envelope.reverse_path, account.name, name, envelope.smtputf8);
    local_.push_back(std::move(copy));
}

/// To where an alias or forward leads, or back to who sent what was sent on.
awaitable<error_code> message_targets::add_forwarded(const smtp::envelope_recipient& recipient,
                                                     const storage::mail_address& name,
                                                     const route& way) {
    const auto& envelope = message_.envelope;
    auto item = new_item(delivered_to_field(name, envelope.smtputf8));
    for (std::size_t n = 0; n < way.remote.size(); ++n)
        if (sent_on_.insert(way.remote[n]).second)
            add_recipient(item, recipient, way.remote[n], way.remote_by.at(n));
    if (item.recipients.empty()) co_return error_code();  // all by an earlier one
    if (paths_ != nullptr && !envelope.reverse_path.is_null()) {
        const auto path = co_await paths_->rewrite(envelope.reverse_path, name);
        if (!path) co_return path.error();
        item.reverse_path = address::with_a_labels(smtp::to_text(*path));
    }
    remote_.push_back(std::move(item));
    co_return error_code();
}

/// To a recipient of another domain. Nothing is put in front: it has not been delivered to anybody
/// here, and none of them may learn of the others.
void message_targets::add_relayed(const smtp::envelope_recipient& recipient,
                                  const storage::mail_address& name) {
    if (!sent_on_.insert(name).second) return;
    if (!relayed_) relayed_ = new_item({});
    add_recipient(*relayed_, recipient, name, message_.envelope.sent_on_by);
}

/// RFC 4865: until its time it waits for all of its recipients, those here too. They are routed when
/// it has come.
void message_targets::hold_back(const smtp::envelope_recipient& recipient,
                                const storage::mail_address& name) {
    add_relayed(recipient, name);
    route waiting;
    waiting.verdict = smtp::recipient_verdict::accepted;
    waiting.remote.push_back(name);
    history_.add(name, name, std::move(waiting), false);
}

/// The mail of the recipient lies in a mailbox with this commit: who asked for it is told by what is
/// in the same commit, and does not leave. RFC 3461 5.2.3
void message_targets::note_success(const smtp::envelope_recipient& recipient,
                                   const storage::mail_address& name) {
    const bool is_asked = smtp::asks_for_notice(recipient.notify, "SUCCESS");
    if (message_.envelope.reverse_path.is_null() || !is_asked) return;
    if (!arrived_) arrived_ = new_item({});
    add_recipient(*arrived_, recipient, name);
    auto& told = arrived_->recipients.back();
    told.state = storage::queue_state::owes_delivered;
    told.attempted_at = message_.arrived_at;
    told.last_reply = "2.1.5 it lies in the mailbox";
}

/// Without recipients.
storage::queue_item message_targets::new_item(std::string prefix) const {
    const auto& envelope = message_.envelope;
    storage::queue_item item;
    item.sender = envelope.submitter.account;
    item.reverse_path = address::with_a_labels(smtp::to_text(envelope.reverse_path));
    item.envelope_id = envelope.envelope_id;
    item.ret = envelope.ret;
    item.smtputf8 = envelope.smtputf8;
    item.is_8bit = envelope.is_8bit;
    item.requires_tls = envelope.requires_tls;
    item.tls_optional = message_.header.tls_optional && !envelope.requires_tls;  // RFC 8689 3
    const bool is_bulk = message_.header.is_bulk || envelope.recipients.size() >= bulk_recipients;
    item.lane = is_bulk ? storage::queue_lane::bulk : storage::queue_lane::people;
    item.release_at = envelope.release_at;
    item.prefix = std::move(prefix);
    item.octets = item.prefix.size() + message_.octets;
    item.created_at = message_.arrived_at;
    return item;
}

}  // namespace hauspost::delivery
