#include "server/outbound/own_delivery.hpp"

#include "protocols/smtp/path.hpp"
#include "server/delivery/routing.hpp"
#include "server/outbound/stored_message.hpp"

#include <memory>
#include <string_view>
#include <utility>

namespace hauspost::outbound {
namespace {

using smtp::delivery_verdict;
using smtp::recipient_verdict;

attempt_result in_words(attempt_verdict verdict, std::string_view words) {
    attempt_result made;
    made.verdict = verdict;
    made.reply = words;
    return made;
}

/// Of a recipient that is not accepted.
attempt_result result_of(recipient_verdict verdict) {
    using enum attempt_verdict;
    switch (verdict) {
    case recipient_verdict::no_such_user: return in_words(failed, "5.1.1 nobody has this address");
    case recipient_verdict::relay_denied: return in_words(failed, "5.7.1 not a domain of ours");
    case recipient_verdict::account_disabled:
        return in_words(failed, "5.2.1 the mailbox is switched off");
    case recipient_verdict::loop: return in_words(failed, "5.4.6 the address leads in circles");
    case recipient_verdict::too_many_targets:
        return in_words(failed, "5.3.5 the address leads to too many others");
    case recipient_verdict::over_quota: return in_words(again, "4.2.2 the mailbox is full");
    case recipient_verdict::too_many_recipients: return in_words(untried, "");  // it comes alone
    case recipient_verdict::accepted:
    case recipient_verdict::try_again: break;
    }
    return in_words(again, "4.3.0 it could not be looked up");
}

attempt_result result_of(delivery_verdict verdict) {
    using enum attempt_verdict;
    switch (verdict) {
    case delivery_verdict::accepted: {
        auto made = in_words(delivered, "2.1.5 it lies in the mailbox, or goes on");
        made.server_reports = true;  // by the sink, to who has asked for it
        return made;
    }
    case delivery_verdict::loop: return in_words(failed, "5.4.6 the message goes in circles");
    case delivery_verdict::over_quota: return in_words(again, "4.2.2 the mailbox is full");
    case delivery_verdict::disk_full: return in_words(again, "4.3.1 out of space");
    case delivery_verdict::busy:
    case delivery_verdict::try_again:
    case delivery_verdict::foreign_author:
    case delivery_verdict::bad_header:
    case delivery_verdict::over_sending_limit:
    case delivery_verdict::sending_frozen: break;
    }
    return in_words(again, "4.3.0 it could not be stored");
}

/// The reverse-path; the null path where there is none.
smtp::mailbox_address reverse_path_of(const storage::queue_item& item) {
    return smtp::parse_mailbox(item.reverse_path).value_or(smtp::mailbox_address());
}

}  // namespace

awaitable<bool> own_delivery::is_for(std::string domain) {
    const auto found = co_await directory_.find_domain(std::move(domain));
    co_return found.has_value();
}

awaitable<std::vector<attempt_result>> own_delivery::run(const storage::queue_claim& claim) {
    std::vector<attempt_result> results;
    for (const auto& item : claim.items) {
        auto of_item = co_await deliver(item, claim.lease);
        for (auto& one : of_item)
            results.push_back(std::move(one));
    }
    co_return results;
}

/// One message for all recipients that are accepted.
awaitable<std::vector<attempt_result>> own_delivery::deliver(const storage::queue_item& item,
                                                             std::uint64_t lease) {
    std::vector<attempt_result> results(item.recipients.size());
    std::vector<std::size_t> taken;
    std::vector<smtp::envelope_recipient> to;
    storage::claimed_outcomes settles;
    settles.lease = lease;
    const auto arrived = result_of(delivery_verdict::accepted);
    const auto check = sink_.check_recipients(reverse_path_of(item));
    for (std::size_t n = 0; n < item.recipients.size(); ++n) {
        const auto& row = item.recipients[n];
        smtp::envelope_recipient recipient;
        recipient.address = delivery::path_of(row.to);
        recipient.original = row.original;
        recipient.notify = row.notify;
        auto address = recipient.address;
        const auto may = co_await check->ask(std::move(address), item.octets);
        if (may != recipient_verdict::accepted) {
            results[n] = result_of(may);
            continue;
        }
        taken.push_back(n);
        to.push_back(std::move(recipient));
        settles.outcomes.push_back(done_outcome(item, row, arrived));
    }
    if (taken.empty()) co_return results;
    auto storing = store(item, std::move(to), std::move(settles));
    const auto verdict = co_await std::move(storing);
    for (const auto n : taken)
        results[n] = result_of(verdict);
    co_return results;
}

/// Without what stands in front of the octets for others: our signature.
awaitable<delivery_verdict> own_delivery::store(const storage::queue_item& item,
                                                std::vector<smtp::envelope_recipient> to,
                                                storage::claimed_outcomes settles) {
    auto envelope = std::make_shared<smtp::envelope>();
    envelope->reverse_path = reverse_path_of(item);
    envelope->recipients = std::move(to);
    envelope->envelope_id = item.envelope_id;
    envelope->ret = item.ret;
    envelope->smtputf8 = item.smtputf8;
    envelope->is_8bit = item.is_8bit;
    envelope->requires_tls = item.requires_tls;
    envelope->settles = std::move(settles);
    std::shared_ptr<const smtp::envelope> fixed = std::move(envelope);
    const auto message = co_await sink_.begin(std::move(fixed));
    stored_message octets(blobs_, item.blob, {});
    for (;;) {
        const auto piece = co_await octets.next();
        if (!piece) co_return delivery_verdict::try_again;
        if (piece->empty()) break;
        const auto verdict = co_await message->write(*piece);
        if (verdict != delivery_verdict::accepted) co_return verdict;
    }
    co_return co_await message->commit();
}

}  // namespace hauspost::outbound
